"""The pages behind the links in letters: plain forms that work in any browser, without a program in it."""

from fastapi import APIRouter

router = APIRouter(prefix="/l", include_in_schema=False)
