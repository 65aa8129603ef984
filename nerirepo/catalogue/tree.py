"""What can be reported? The categories that are offered, as a tree with words in one language."""

from sqlmodel import Session
from typing_extensions import TypedDict

from nerirepo.catalogue import questions, read
from nerirepo.words.language import Named, name


class Choice(TypedDict):
    """One of the answers to a question."""

    code: str
    label: str


class Question(TypedDict):
    """`type`: choice, text, number or boolean."""

    code: str
    type: str
    label: str
    required: bool
    choices: list[Choice]


class Category(Named):
    """Residents choose one without children."""

    icon: str
    questions: list[Question]
    emergency_text: str | None
    is_deed: bool
    children: list["Category"]


class Categories(TypedDict):
    """In the language that was chosen from Accept-Language."""

    language: str
    categories: list[Category]


def category_tree(session: Session, language: str) -> list[Category]:
    """In the order of the screen."""
    offered = [each for each in read.every_category(session) if read.is_offered(each)]

    def branch(parent: str | None) -> list[Category]:
        return [
            {
                "code": each.code,
                "name": name(each.names, language),
                "icon": each.icon,
                "questions": [_asked(q, language) for q in read.questions(each) if not q.retired],
                "emergency_text": name(each.emergency_text, language) if each.emergency_text else None,
                "is_deed": each.is_deed,
                "children": branch(each.code),
            }
            for each in offered
            if each.parent_code == parent
        ]

    return branch(None)


def _asked(question: questions.Question, language: str) -> Question:
    return {
        "code": question.code,
        "type": question.type.value,
        "label": name(question.labels, language),
        "required": question.required,
        "choices": [{"code": each.code, "label": name(each.labels, language)} for each in question.choices],
    }
