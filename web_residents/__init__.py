"""The pages behind the links in letters, and the plain form: they work in any browser, without a program.

A link's token is the permission; nobody signs in here. GET and HEAD change nothing, since mail scanners open
every link: only a button does something.
"""

from fastapi import APIRouter

from web_residents import answer, follow, lost, report_begin, report_form, report_receipt, static, unsubscribe

router = APIRouter(prefix="/l", include_in_schema=False)
for _each in (answer, follow, unsubscribe, report_begin, report_form, report_receipt, static, lost):
    router.include_router(_each.router)  # lost is the last: what is left
