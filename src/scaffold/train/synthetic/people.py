"""Invented people: given names and surnames of many cultures, and what people are."""

from random import Random

from scaffold.train.synthetic.abroad import ABROAD, drawn
from scaffold.train.synthetic.listing import listed

_GIVEN = {
    "en": "Ada Alice Amelia Andrew Anthony Arthur Audrey Barbara Beatrice Benjamin Bernard Bridget "
    "Caroline Catherine Charles Charlotte Christopher Clara Daniel David Deborah Dorothy Edith "
    "Edward Eleanor Elizabeth Emily Emma Ethan Evelyn Florence Frances Frank Frederick George "
    "Georgia Grace Graham Harold Harriet Harry Hazel Helen Henry Howard Hugh Ian Isaac Isabel Jack "
    "Jacob James Jane Janet Jason Jennifer Jessica Joan John Jonathan Joseph Joyce Julia Karen Keith "
    "Kenneth Kevin Laura Lawrence Leonard Linda Louise Lucy Malcolm Margaret Mark Martha Martin Mary "
    "Matthew Megan Michael Nancy Nathan Nicholas Nora Oliver Olivia Oscar Pamela Patricia Patrick "
    "Paul Peter Philip Phoebe Rachel Ralph Rebecca Richard Robert Roger Rose Ruth Samuel Sarah Sean "
    "Simon Sophie Stephen Susan Theodore Thomas Timothy Victoria Vincent Walter William Zoe",
    "de": "Anja Anneliese Benedikt Birgit Björn Christa Dieter Dörte Elke Ernst Florian Friederike "
    "Friedrich Gisela Günther Hannah Hans Heike Heinrich Helmut Ilse Ingrid Jörg Johanna Jürgen Karl "
    "Karsten Käthe Klaus Konrad Lieselotte Lothar Ludwig Manfred Matthias Monika Moritz Nils Otto "
    "Petra Rainer Renate Rolf Rüdiger Sabine Sebastian Sigrid Sören Stefan Susanne Thorsten Ulrike "
    "Ursula Uwe Walburga Werner Wolfgang",
    "fr": "Adèle Agnès Alain Amélie André Antoine Aurélie Baptiste Bénédicte Benoît Camille Cécile Céline "
    "Chloé Clémence Didier Éloïse Émile Étienne Fabien Françoise François Frédéric Geneviève Gérard "
    "Guillaume Hélène Henri Hervé Inès Jacques Jean-Luc Jérôme Joséphine Julien Léa Léon Loïc Lucie "
    "Manon Marcel Mathilde Maxime Mélanie Noémie Océane Odile Pascal Philippe Pierre Raphaël Rémi "
    "Solène Sylvie Théo Thérèse Véronique Yves",
    "es": "Adrián Agustín Alejandra Alejandro Álvaro Ana Andrés Ángela Antonio Beatriz Begoña Belén Carlos "
    "Carmen César Consuelo Cristina Diego Dolores Elena Emilio Enrique Esteban Fernando Francisco "
    "Gabriela Gonzalo Guadalupe Héctor Ignacio Inés Javier Jesús Joaquín Jorge José Juana Julián "
    "Lucía Luis Manuel Marcos Mercedes Miguel Mónica Nieves Óscar Pablo Pilar Rafael Ramón Raúl "
    "Rocío Rosario Rubén Santiago Sofía Teresa Ximena Yolanda",
    "it": "Alessandra Alessandro Alberto Angelo Arianna Bianca Bruno Camilla Carlo Caterina Chiara Cosimo "
    "Damiano Daniela Davide Donatella Edoardo Elisa Enzo Fabio Federica Federico Filippo Francesca "
    "Gabriele Gaia Giacomo Gianluca Ginevra Giorgia Giovanni Giulia Giuseppe Ilaria Lorenzo Luca "
    "Ludovica Marcello Margherita Massimo Matteo Nicolò Paola Pietro Raffaele Renata Riccardo Rosa "
    "Salvatore Silvia Stefano Tommaso Umberto Valentina Vittoria",
    "pt": "Afonso Aline Amália Anderson António Beatriz Bernardo Bruna Caetano Cátia Cláudia Conceição "
    "Débora Diogo Duarte Eduardo Fátima Filipa Flávio Gonçalo Graça Henrique Inês Isabela João "
    "Joaquim Júlia Leandro Letícia Lúcia Luísa Luiz Mafalda Márcio Mariana Mateus Nuno Otávio "
    "Patrícia Paulo Raquel Renato Rita Rodrigo Rogério Rui Sérgio Tânia Thiago Tiago Vânia Vitória",
    "xx": "Aarav Abena Aditi Ahmed Aiko Ajoa Akira Aleksandra Amara Amina Anan Andrzej Anh Aniket Arjun "
    "Aroha Asel Astrid Ayşe Babak Bahar Batbayar Bogdan Chiamaka Chidi Chinedu Dagný Daichi Deniz "
    "Devika Dilnoza Dmitri Dragana Ebru Efua Eero Eirik Emre Farid Fatima Folake Gintaras Goran "
    "Gulnara Gustav Hana Haruto Hassan Hye-jin Ibrahim Ikram Ingeborg Ismail Ivana Jarosław Jelena "
    "Jin Jovana Kaito Kamala Karim Katarzyna Kenji Khalid Kofi Krzysztof Kwame Lakshmi Layla Leila "
    "Lien Linh Ljubica Magdaléna Mai Małgorzata Marija Masha Mehmet Mei Milica Minh Mirjam Mohammed "
    "Nadia Nasrin Natalia Ngozi Nikolai Nimmi Noor Nour Oksana Olga Oluwaseun Omar Osman Parisa "
    "Piotr Pooja Priya Quang Rania Rasmus Ravi Reza Rohan Sakura Salma Samira Sanjay Seda Selin "
    "Seo-yeon Shira Siddharth Signe Sindre Siti Somchai Sunita Svetlana Tadeusz Tamar Tariq Thandiwe "
    "Thi Tomáš Tuan Uchenna Vikram Vlad Wei Xiaoming Yan Yasmin Yelena Yuki Yusuf Zainab Zanele "
    "Zhanna Zoltán",
}
_FAMILY = {
    "en": "Adams Allen Atkinson Bailey Baker Barnes Bennett Booth Bradley Brooks Brown Burton Butler "
    "Campbell Carter Chapman Clarke Collins Cooper Cox Crawford Cunningham Davies Dawson Dixon Doyle "
    "Edwards Ellis Evans Fisher Fitzgerald Fletcher Foster Fraser Gallagher Gardner Gibson Gordon "
    "Graham Grant Gray Green Griffiths Hall Hamilton Harper Harris Harrison Hawkins Henderson Hill "
    "Holloway Holmes Howe Hudson Hughes Hunt Jenkins Johnson Johnston Kelly Kennedy Kerr Knight "
    "Lambert Lawson Lewis Lloyd Lovelace MacDonald Marshall Mason McCarthy McKenzie Mitchell Moore "
    "Morgan Morris Murphy Murray Nelson Newton O'Brien O'Connor O'Neill Owen Palmer Parker Parsons "
    "Pearce Perkins Phillips Porter Powell Price Reynolds Richardson Roberts Robinson Rogers Russell "
    "Saunders Shaw Simpson Sinclair Smith Spencer Stevens Stewart Sullivan Sutherland Taylor "
    "Thompson Turner Walker Wallace Ward Watson Webb West Whitaker White Wilkinson Williams Wilson "
    "Wood Wright Young",
    "de": "Ackermann Albrecht Arnold Bauer Baumann Beck Becker Berger Böhm Brandt Braun Busch Dietrich "
    "Engel Fischer Franke Friedrich Fuchs Graf Groß Günther Haas Hahn Hartmann Heinrich Herrmann "
    "Hofmann Huber Jäger Jung Kaiser Keller Klein Koch König Köhler Kraus Krüger Kühn Lang Lehmann "
    "Lorenz Ludwig Maier Meyer Möller Müller Neumann Otto Peters Pohl Richter Roth Sauer Schäfer "
    "Schmidt Schneider Scholz Schröder Schubert Schulz Schuster Schwarz Seidel Simon Sommer Stein "
    "Thomas Vogel Vogt von Arnsberg Voß Wagner Walter Weber Weiß Werner Winkler Wolf Zimmermann",
    "fr": "Aubert Barbier Benoit Bernard Bertrand Besson Blanc Bonnet Boucher Boulanger Bourgeois Boyer "
    "Brun Carpentier Charpentier Chevalier Colin Da Silva David Deschamps Dubois Dumas Dupont Dupuis "
    "Durand Fabre Faure Fontaine Fournier François Garnier Gauthier Gérard Girard Guérin Guillot "
    "Huet Joly Lacroix Lambert Lefèvre Legrand Lemaire Leroux Leroy Mallet Marchand Marie Martin "
    "Ménard Mercier Meunier Meyer Michel Moreau Morel Moulin Noël Perrin Petit Picard Poirier Renard "
    "Renaud Rivière Robin Roche Rousseau Roux Schmitt Simon Vasseur Vidal Vincent",
    "es": "Aguilar Alonso Álvarez Arias Benítez Blanco Bravo Caballero Cabrera Calvo Campos Cano Castillo "
    "Castro Cortés Crespo Cruz Delgado Díaz Domínguez Durán Escobar Esteban Fernández Flores Fuentes "
    "Gallego García Garrido Gil Giménez Gómez González Guerrero Gutiérrez Herrera Ibáñez Iglesias "
    "Jiménez León López Lozano Márquez Marín Medina Méndez Molina Montero Morales Muñoz Navarro "
    "Núñez Ortega Ortiz Pascual Peña Pérez Prieto Ramírez Reyes Rodríguez Romero Ruiz Sánchez "
    "Santana Santos Sanz Serrano Soto Suárez Torres Vargas Vázquez Vega Vidal",
    "it": "Amato Barbieri Basile Battaglia Bellini Benedetti Bianchi Bianco Bruno Caputo Caruso Cattaneo "
    "Colombo Conte Conti Coppola Costa D'Angelo De Luca De Santis Esposito Fabbri Farina Ferrara "
    "Ferrari Ferraro Ferri Fontana Galli Gallo Gentile Giordano Giuliani Grassi Greco Guerra Leone "
    "Lombardi Longo Mancini Marchetti Mariani Marini Marino Martinelli Martini Mazza Messina Monti "
    "Moretti Morelli Orlando Pagano Palmieri Parisi Pellegrini Piras Ricci Rinaldi Riva Rizzi Rizzo "
    "Romano Rossetti Rossi Ruggiero Russo Sala Santoro Serra Silvestri Sorrentino Testa Valentini "
    "Villa Vitale",
    "pt": "Abreu Almeida Alves Amaral Amorim Andrade Antunes Araújo Azevedo Barbosa Barros Batista Borges "
    "Brandão Brito Cabral Caldeira Campos Cardoso Carneiro Carvalho Castro Coelho Cordeiro Correia "
    "Costa Cunha Dias Domingues Duarte Esteves Faria Fernandes Ferreira Figueiredo Fonseca Freitas "
    "Gomes Gonçalves Guimarães Henriques Lima Lopes Loureiro Macedo Machado Magalhães Maia Marques "
    "Martins Matos Melo Mendes Monteiro Moreira Mota Moura Nascimento Neves Nogueira Nunes Oliveira "
    "Pacheco Pereira Pinheiro Pinto Pires Queirós Ramos Reis Ribeiro Rocha Rodrigues Santos Silva "
    "Simões Soares Sousa Tavares Teixeira Vaz Vieira",
    "xx": "Abdi Achebe Adeyemi Agarwal Al-Rashid Andersson Asante Aydın Balogun Banerjee Bhatt Bielak "
    "Bondarenko Chatterjee Chen Çelik Dang Demir Diallo Dlamini Dvořák Eriksen Farouk Gunawan Gupta "
    "Hadžić Hansen Haraldsdóttir Hashimoto Horváth Hoang Ivanov Iyer Jansen Johansson Jovanović "
    "Kamau Kapoor Karlsson Kaur Khalil Khan Kim Kobayashi Korhonen Kovács Kovalenko Kowalczyk "
    "Krasniqi Kumar Lee Lindqvist Li Liu Łukasiewicz Mahmoud Mbeki Mensah Mäkinen Mehta Mwangi "
    "Nakamura Nguyen Nielsen Novák Nowak Nkosi Okafor Okonkwo Olsen Osei Öztürk Pak Park Patel "
    "Petrov Petrović Pham Popescu Popov Rahman Rao Reddy Saito Sato Sharma Shevchenko Singh "
    "Stanković Suzuki Szabó Takahashi Tanaka Tesfaye Tran Van den Berg van Dijk Vasile Virtanen Wang "
    "Wijaya Wiśniewski Wu Yamamoto Yıldız Yilmaz Zhang Zulu Ólafsson Østergaard Šimić Žukauskas",
}
_GIVEN_BY = {language: names.split() for language, names in _GIVEN.items()}
_FAMILY_BY = {
    language: names.replace("Van den Berg", "Van~den~Berg")
    .replace("van Dijk", "van~Dijk")
    .replace("von A", "von~A")
    .replace("De L", "De~L")
    .replace("De S", "De~S")
    .replace("Da S", "Da~S")
    .split()
    for language, names in _FAMILY.items()
}
NATIONALITIES = listed(
    "English Scottish Welsh Irish American Canadian Australian German Austrian Swiss French Belgian Dutch Spanish "
    "Portuguese Italian Greek Turkish Polish Czech Slovak Hungarian Romanian Bulgarian Serbian Croatian Ukrainian "
    "Russian Finnish Swedish Norwegian Danish Icelandic Estonian Latvian Lithuanian Egyptian "
    "Moroccan Nigerian Ghanaian "
    "Kenyan Ethiopian Israeli Lebanese Iranian Indian Pakistani Bangladeshi Thai Vietnamese "
    "Indonesian Chinese Japanese "
    "Korean Mongolian Brazilian Argentine Chilean Peruvian Colombian Mexican Cuban Jamaican"
)
OCCUPATIONS = tuple(
    listed(
        "mathematician|writer|poet|novelist|painter|sculptor|composer|violinist|pianist|conductor|singer|"
        "actor|film director|"
        "photographer|architect|civil engineer|mechanical engineer|chemist|physicist|astronomer|botanist|"
        "zoologist|geologist|"
        "physician|surgeon|nurse|midwife|lawyer|judge|politician|diplomat|philosopher|historian|linguist|"
        "translator|journalist|"
        "editor|publisher|economist|statistician|teacher|explorer|cartographer|inventor|watchmaker|"
        "goldsmith|weaver|chef|"
        "botanical illustrator|computer scientist|suffragist|librarian|archaeologist|anthropologist|"
        "psychologist|biologist|"
        "cryptographer|aviator|sailor|cyclist|long-distance runner|chess player|footballer|playwright|critic|beekeeper"
    )
)
JOBS = tuple(
    listed(
        "Account Manager|Accountant|Backend Developer|Bus Driver|Business Analyst|Carpenter|Civil "
        "Engineer|Content Editor|"
        "Customer Support Agent|Data Analyst|Data Engineer|Dental Nurse|Electrician|Event Coordinator|"
        "Financial Controller|"
        "Frontend Developer|Game Designer|Graphic Designer|HR Generalist|Industrial Designer|IT "
        "Administrator|Lab Technician|"
        "Legal Counsel|Logistics Planner|Machine Operator|Marketing Manager|Mechanical Engineer|Network "
        "Engineer|Office Manager|"
        "Paralegal|Pastry Chef|Pharmacist|Physiotherapist|Process Engineer|Product Manager|Project "
        "Manager|Purchasing Officer|"
        "Quality Inspector|Radiographer|Receptionist|Research Scientist|Sales Representative|Security "
        "Analyst|Site Manager|"
        "Software Engineer|Supply Chain Analyst|Tax Adviser|Technical Writer|Test Engineer|Translator|UX Researcher|"
        "Warehouse Supervisor|Welder"
    )
)


def given_name(rng: Random, language: str = "en") -> str:
    """A given name, two times in three from `language`."""
    return rng.choice(_GIVEN_BY[language if rng.random() < 0.67 else rng.choice(list(_GIVEN_BY))])


def family_name(rng: Random, language: str = "en") -> str:
    """A surname, half of the time from `language`."""
    pool = _FAMILY_BY[language if rng.random() < 0.5 else rng.choice(list(_FAMILY_BY))]
    name = rng.choice(pool).replace("~", " ")
    return f"{name}-{rng.choice(pool).replace('~', ' ')}" if rng.random() < 0.05 else name


def full_name(rng: Random, language: str = "en") -> str:
    """A given name, sometimes a second one or an initial, and a surname; one in seven is of any country."""
    if rng.random() < ABROAD:
        return drawn(rng, "name")
    middle = rng.random()
    second = (
        f"{given_name(rng, language)} "
        if middle < 0.1
        else f"{rng.choice('ABCDEFGHJKLMNPRSTW')}. "
        if middle < 0.2
        else ""
    )
    return f"{given_name(rng, language)} {second}{family_name(rng, language)}"
