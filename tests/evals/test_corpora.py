"""Verdicts on labelled instances may only get better: what is wrong is listed with its reason, and counted."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from scaffold.evals.labelled import documents_of, read
from scaffold.evals.schemas import FAULTS, Judge
from scaffold.schema.support import KEYWORDS

HERE = Path(__file__).parents[1] / "corpora"
RATCHET = HERE / "ratchet.json"
EXCEPTIONS = json.loads((HERE / "exceptions.json").read_text("utf-8"))
SHARED = Path(__file__).parents[3] / "shared" / "data" / "schemas"
DRAFTS = ("draft4", "draft6", "draft7", "draft2019-09", "draft2020-12")
PARTS = [f"{draft}{part}" for draft in DRAFTS for part in ("", "/optional")]
needs_suite = pytest.mark.skipif(not SHARED.exists(), reason="the JSON-Schema-Test-Suite is not beside the project")


@cache
def own():
    return tuple((one, Judge()(one)) for one in read(HERE))


@cache
def official(part):
    """A part of the official suite (`draft7`, `draft7/optional`) and what the compiler makes of it."""
    judge = Judge(documents_of(SHARED))
    return tuple((one, judge(one)) for one in read(SHARED) if _part(one.name) == part)


def _part(name):
    draft, _, rest = name.partition("/")
    return f"{draft}/optional" if rest.startswith("optional") else draft


def wrong(judged):
    return {f"{finding.schema} {finding.what}".strip() for _, found in judged for finding in found.findings}


def counts(judged):
    faults = Counter(finding.fault for _, found in judged for finding in found.findings)
    left = sum(found.left_to_check for _, found in judged)
    return {**{fault: faults[fault] for fault in FAULTS}, "left to the check": left}


def held_to_the_ratchet(name, judged):
    """Fail where a count is worse than the committed one; where it is better, say what to commit."""
    now, then = counts(judged), json.loads(RATCHET.read_text("utf-8"))[name]
    worse = {fault: (then[fault], count) for fault, count in now.items() if count > then[fault]}
    assert not worse, f"worse than {RATCHET.name}: {worse}"
    assert now == then, f"better than before: in {RATCHET.name} set {name!r} to {json.dumps(now)}"


def test_our_own_sample_is_judged_without_a_fault():
    assert wrong(own()) == set()


def test_our_own_sample_is_as_good_as_it_was():
    held_to_the_ratchet("own", own())


@pytest.mark.parametrize("keyword", [support.keyword for support in KEYWORDS])
def test_every_keyword_has_instances_that_its_claim_is_held_against(keyword):
    """Together with the absence of the fault `false claim`."""
    asking = [one for one, _ in own() if f'"{keyword}":' in json.dumps(one.schema)]
    assert any(is_valid for one in asking for _, is_valid in one.instances)
    assert any(not is_valid for one in asking for _, is_valid in one.instances)


@needs_suite
@pytest.mark.parametrize("draft", DRAFTS)
def test_no_required_verdict_is_wrong_where_formats_are_annotations(draft):
    """As draft 2020-12 has it unless asked; the optional part asks."""
    judge = Judge(documents_of(SHARED), formats="annotate")
    asking = [one for one in read(SHARED) if _part(one.name) == draft and '"format"' in json.dumps(one.schema)]
    assert asking
    assert wrong((one, judge(one)) for one in asking) == set()
    others = {name for name in wrong(official(draft)) if name.split()[0] not in {one.name for one in asking}}
    assert others == set()


@needs_suite
@pytest.mark.parametrize("part", PARTS)
def test_every_wrong_verdict_on_the_official_suite_is_listed_with_its_reason(part):
    listed = {name for group in EXCEPTIONS for name in group["verdicts"] if _part(name) == part}
    assert wrong(official(part)) == listed


@needs_suite
@pytest.mark.parametrize("part", PARTS)
def test_the_official_suite_is_judged_as_well_as_it_was(part):
    held_to_the_ratchet(part, official(part))


def test_every_exception_has_a_reason_and_none_is_listed_twice():
    names = [name for group in EXCEPTIONS for name in group["verdicts"]]
    assert all(group["reason"] for group in EXCEPTIONS)
    assert len(names) == len(set(names))
