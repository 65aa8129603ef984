"""The kinds of reports that can be sent today."""

from fastapi import APIRouter, Request, Response

from api.etag import tagged
from api.mobile.as_json import AsJson
from api.mobile.contract import answers
from api.mobile.language import Language
from nerirepo.catalogue.tree import Categories, category_tree
from nerirepo.publication import read as published
from web.audience import for_everyone
from web.db import Reading

router = APIRouter(route_class=AsJson, tags=["categories"], dependencies=[for_everyone])


@router.get("/categories", **answers(Categories, also=(304,)))
def read_categories(request: Request, session: Reading, lang: Language) -> Response:
    """The tree of categories with their questions and emergency words, in the language asked for."""
    revision = published.revision(session)
    offered: Categories = {"language": lang, "categories": category_tree(session, lang)}
    return tagged(
        request,
        offered,
        cache_control="public, max-age=300",
        cache_revision=revision,
    )
