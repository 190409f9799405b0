"""Made-up texts: a notice of an appointment, in scripts other than the Latin."""

from random import Random

from scaffold.train.synthetic import things
from scaffold.train.synthetic.facts import Domain, Facts, Phrases, ask
from scaffold.train.synthetic.said import Said, count, cue, telephone
from scaffold.train.synthetic.spelling import Speech, a_day

_PEOPLE = {
    "ru": ("Анна Кузнецова", "Дмитрий Орлов", "Мария Соколова", "Иван Лебедев", "Ольга Зайцева", "Пётр Морозов"),
    "el": ("Ελένη Παπαδοπούλου", "Νίκος Γεωργίου", "Μαρία Ιωάννου", "Γιώργος Βασιλείου", "Σοφία Αντωνίου"),
    "ar": ("ليلى حداد", "عمر منصور", "فاطمة الزهراء", "يوسف خليل", "نور الدين صالح"),
    "hi": ("प्रिया शर्मा", "रोहन वर्मा", "अनीता जोशी", "विक्रम सिंह", "मीरा अय्यर"),
    "ja": ("佐藤花子", "田中一郎", "山本美咲", "中村健太", "小林由美"),
    "zh": ("王小明", "李静怡", "张伟国", "陈美玲", "刘建华"),
}
_CITIES = {
    "ru": ("Казань", "Томск", "Самара", "Новосибирск", "Тверь", "Псков"),
    "el": ("Αθήνα", "Πάτρα", "Βόλος", "Ηράκλειο", "Λάρισα"),
    "ar": ("دبي", "عمّان", "الرباط", "مسقط", "الإسكندرية"),
    "hi": ("पुणे", "जयपुर", "लखनऊ", "इंदौर", "भोपाल"),
    "ja": ("札幌", "名古屋", "福岡", "金沢", "仙台"),
    "zh": ("上海", "成都", "杭州", "武汉", "西安"),
}
_STATES = ("confirmed", "cancelled")
_SAID = {
    "ru": ("Встреча состоится.", "Встреча не состоится."),
    "el": ("Το ραντεβού ισχύει.", "Το ραντεβού ματαιώνεται."),
    "ar": ("الموعد مؤكد.", "أُلغي الموعد."),
    "hi": ("मुलाक़ात पक्की है।", "मुलाक़ात रद्द कर दी गई है।"),
    "ja": ("予定どおり行います。", "中止になりました。"),
    "zh": ("会面照常进行。", "会面已取消。"),
}


def _notice(rng: Random, speech: Speech) -> Facts:
    state = rng.randrange(2)
    host, guest = rng.sample(_PEOPLE[speech.language], 2)
    return {
        "host": Said(host),
        "guest": Said(guest),
        "city": Said(rng.choice(_CITIES[speech.language])),
        "day": speech.date(a_day(rng, 2015, 2029)),
        "time": speech.time(rng),
        "fee": speech.money(float(rng.randint(5, 900) * 10), is_round=True),
        "people": count(rng.randint(2, 40)),
        "phone": telephone(things.phone(rng)),
        "number": Said(things.code(rng, "N", "A", "T")),
        "status": cue(_SAID[speech.language][state], _STATES[state]),
    }


_FIELDS = (
    ask("host", "text", "host organizer invited_by", "Who invites"),
    ask("guest", "text", "guest visitor invitee", "Who is invited"),
    ask("city", "text", "city place town", "City where they meet"),
    ask("day", "date", "date day meeting_date", "Day of the meeting"),
    ask("time", "time", "time start_time", "Time of the meeting (HH:MM)"),
    ask("fee", "number", "fee price cost", "What it costs"),
    ask("people", "integer", "people seats party_size", "Number of people"),
    ask("phone", "phone", "phone telephone", "Number to call"),
    ask("number", "text", "reference reference_number case", "Reference number"),
    ask("status", "enum", "status state", "Whether it takes place", labels=" ".join(_STATES)),
)


def _phrases(first: str, *others: str) -> Phrases:
    """Openings, and statements, separated by bars."""
    return Phrases(tuple(first.split("|")), tuple(tuple(one.split("|")) for one in others))


_PHRASES = {
    "ru": _phrases(
        "{host} приглашает: {guest}.|Уведомление № {number}.|Встреча: {host} — {guest}.",
        "Дата: {day}, время {time}.|{day} в {time}.",
        "Город: {city}.|Место встречи — {city}.",
        "Стоимость {fee}.",
        "Участников: {people}.",
        "Телефон: {phone}.",
        "{status}",
    ),
    "el": _phrases(
        "Ο/Η {host} προσκαλεί: {guest}.|Ειδοποίηση {number}.",
        "Ημερομηνία: {day}, ώρα {time}.|Στις {day}.",
        "Πόλη: {city}.",
        "Κόστος {fee}.",
        "Άτομα: {people}.",
        "Τηλ. {phone}.",
        "{status}",
    ),
    "ar": _phrases(
        "دعوة من {host} إلى {guest}.|إشعار رقم {number}.",
        "التاريخ: {day}، الساعة {time}.|يوم {day}.",
        "المدينة: {city}.",
        "الرسوم: {fee}.",
        "عدد الأشخاص: {people}.",
        "الهاتف: {phone}.",
        "{status}",
    ),
    "hi": _phrases(
        "निमंत्रण: {host} की ओर से {guest} को।|सूचना संख्या {number}।",
        "दिनांक: {day}, समय {time}।|{day} को।",
        "शहर: {city}।",
        "शुल्क {fee}।",
        "लोग: {people}।",
        "फ़ोन: {phone}।",
        "{status}",
    ),
    "ja": _phrases(
        "{host}より{guest}様へご案内です。|お知らせ番号:{number}。",
        "日時:{day} {time}。|{day}です。",
        "場所:{city}。",
        "料金は{fee}です。",
        "人数:{people}名。",
        "電話:{phone}。",
        "{status}",
    ),
    "zh": _phrases(
        "{host}邀请{guest}。|通知编号:{number}。",
        "日期:{day},时间{time}。|{day}举行。",
        "地点:{city}。",
        "费用{fee}。",
        "人数:{people}。",
        "电话:{phone}。",
        "{status}",
    ),
}

DOMAIN = Domain("notice", ("Notice", "Appointment"), ("A notice of an appointment",), _FIELDS, _notice, _PHRASES)
