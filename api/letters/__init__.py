"""The pages behind the links in letters: plain forms that work in any browser, without a program in it.

A link's token is the permission; nobody signs in here. GET and HEAD change nothing, since mail scanners open
every link: only a button does something.
"""

from fastapi import APIRouter

from api.letters import answer, static, unsubscribe

router = APIRouter(prefix="/l", include_in_schema=False)
for _each in (answer, unsubscribe, static):
    router.include_router(_each.router)
