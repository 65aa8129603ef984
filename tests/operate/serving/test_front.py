from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from operate.serving.front import API, STAFF_PAGES, Front


def door(name: str, diary: list[str]) -> Starlette:
    @asynccontextmanager
    async def lifespan(_):
        diary.append(f"{name} opens")
        yield
        diary.append(f"{name} closes")

    def answer(request):
        return PlainTextResponse(name)

    return Starlette(routes=[Route("/{path:path}", answer)], lifespan=lifespan)


def front(diary: list[str]) -> Front:
    return Front(
        {API: door("api", diary), STAFF_PAGES: door("staff", diary)}, otherwise=door("public", diary)
    )


def test_each_path_has_its_door():
    with TestClient(front([])) as client:
        answers = {
            path: client.get(path).text
            for path in (
                "/v1/service",
                "/staff/reports",
                "/l/answer/x",
                "/docs",
                "/openapi.json",
                "/health/ready",
            )
        }
        assert set(answers.values()) == {"api"}
        assert {client.get(path).text for path in ("/desk", "/desk/reports", "/crew")} == {"staff"}
        assert {client.get(path).text for path in ("/", "/reports", "/list", "/v10", "/deskless")} == {
            "public"
        }


def test_all_doors_are_opened_and_closed_with_the_house():
    diary: list[str] = []
    with TestClient(front(diary)):
        assert sorted(diary) == ["api opens", "public opens", "staff opens"]
    assert sorted(diary[3:]) == ["api closes", "public closes", "staff closes"]
