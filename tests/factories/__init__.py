"""What tests are about, made by the real use-cases; what matters to a test is named in the call.

`people`, what an app sends (`api`), a report's `life` from the post to its letters, and `public_reports`.
"""

from tests.factories.api import WARD_OFFICE, WORDS, a_jpeg, a_submission, send_photo, send_report
from tests.factories.life import take_action
from tests.factories.people import Person, a_member, a_reporter

__all__ = [
    "WARD_OFFICE",
    "WORDS",
    "Person",
    "a_jpeg",
    "a_member",
    "a_reporter",
    "a_submission",
    "send_photo",
    "send_report",
    "take_action",
]
