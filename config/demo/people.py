"""The people of the demo company: one for each role, and a few salespeople more."""

from django.contrib.auth.models import Group

from staff.models import Department, User
from staff.roles import Role

# username, name, role, department
PEOPLE: list[tuple[str, str, Role, str]] = [
    ("sales", "林晓彤 Lin Xiaotong", Role.SALES, "sales"),
    ("sales_zhao", "赵一鸣 Zhao Yiming", Role.SALES, "sales"),
    ("sales_emma", "Emma Clarke", Role.SALES, "sales"),
    ("sales_manager", "陈国栋 Chen Guodong", Role.SALES_MANAGER, "sales"),
    ("credit_analyst", "周敏 Zhou Min", Role.CREDIT_ANALYST, "credit"),
    ("finance", "吴佩珊 Wu Peishan", Role.FINANCE, "finance"),
    ("approver_1", "David Miller", Role.APPROVER_1, "credit"),
    ("approver_2", "何丽华 He Lihua", Role.APPROVER_2, "finance"),
    ("warehouse", "孙大勇 Sun Dayong", Role.WAREHOUSE, "warehouse"),
    ("supply_chain", "許志明 Hsu Chih-ming", Role.SUPPLY_CHAIN, "supply_chain"),
    ("customer_service", "Maria Santos", Role.CUSTOMER_SERVICE, "customer_service"),
    ("administrator", "郭伟 Guo Wei", Role.ADMINISTRATOR, "it"),
    ("auditor", "Ingrid Berg", Role.AUDITOR, "finance"),
]


def password(username: str) -> str:
    """The password of a demo user. Known to everybody: the demo is for trying, not for secrets."""
    return f"demo-{username}"


def sign_ins() -> list[tuple[str, str, str]]:
    """One sign-in per role: role code, username, password."""
    return [
        (role, username, password(username))
        for username, _name, role, _department in PEOPLE
        if username == role
    ]


def load() -> dict[str, User]:
    """Make the people, by username."""
    departments = {department.code: department for department in Department.objects.all()}
    groups = {group.name: group for group in Group.objects.all()}
    for username, name, role, department in PEOPLE:
        user = User(
            username=username,
            full_name=name,
            email=f"{username}@example.com",
            department=departments[department],
        )
        user.set_password(password(username))
        user.save()
        user.groups.add(groups[role])
    return {user.username: user for user in User.objects.all()}
