"""May these words be published? What the screening finds in them needs a person's explicit yes.

For every door alike: residents' words as the desk has cleaned them, and what staff write to residents.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from nerirepo.base.errors import FieldFault, Invalid
from nerirepo.moderation.screening import Finding, screen
from nerirepo.reports.action_request import ActionRequest
from nerirepo.reports.status import Action

PUBLIC_WORDS = ("public_text", "public_note", "measured_value", "no_photo_reason", "external_reference")
"""Of an action: read by the public, or by followers in a letter. They stay when a person is erased."""
TO_THE_REPORTER_ALONE = frozenset({Action.ASK})
"""Actions whose words nobody else reads."""


class WordsNotScreened(Invalid):
    """A name, a number or an address may be left in the words. Take it out, or send it with `screened`."""

    code = "words_not_screened"


@dataclass(frozen=True)
class Found:
    """Something to look at in one field of an action."""

    field: str
    finding: Finding


def found(request: ActionRequest) -> Iterator[Found]:
    """What stands in words that others will read, in the order of the fields and of the text."""
    if request.action in TO_THE_REPORTER_ALONE:
        return
    for field in PUBLIC_WORDS:
        for finding in screen(getattr(request, field) or ""):
            yield Found(field, finding)


def check(request: ActionRequest) -> None:
    """Raise `WordsNotScreened`, with each finding's place, unless somebody has looked and says yes."""
    if request.screened:
        return
    findings = list(found(request))
    if not findings:
        return
    raise WordsNotScreened(
        faults=tuple(
            FieldFault(
                each.field,
                "words_not_screened",
                f"{each.finding.kind} at {each.finding.start} to {each.finding.end}",
            )
            for each in findings
        ),
        facts={
            "findings": [
                {
                    "field": each.field,
                    "start": each.finding.start,
                    "end": each.finding.end,
                    "kind": each.finding.kind,
                }
                for each in findings
            ]
        },
    )
