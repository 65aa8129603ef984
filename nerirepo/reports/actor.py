"""What do the rules need to know of a member who acts?"""

from nerirepo.reports.permissions import Actor
from nerirepo.staff.tables import Member


def actor_of(member: Member) -> Actor:
    return Actor(member.id, member.role, member.department_code)
