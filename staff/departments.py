"""The departments that tickets go to out of the box; a company renames or adds to them in admin."""

from typing import Any

from django.apps import apps as installed_apps

# code: name in English, 简体中文, 繁體中文
SEEDED = {
    "sales": ("Sales", "销售部", "業務部"),
    "credit": ("Credit control", "信用管理部", "信用管理部"),
    "finance": ("Finance", "财务部", "財務部"),
    "warehouse": ("Warehouse", "仓储部", "倉儲部"),
    "supply_chain": ("Supply chain", "供应链部", "供應鏈部"),
    "customer_service": ("Customer service", "客服部", "客服部"),
    "it": ("IT and administration", "信息技术与行政部", "資訊與行政部"),
}


def seed_after_migrate(using: str, apps: Any = installed_apps, **kwargs: Any) -> None:
    """Receiver of post_migrate: add what is missing; what an administrator changed stays."""
    try:
        Department = apps.get_model("staff", "Department")
    except LookupError:
        return  # the migration that makes the table was taken back
    Department.objects.using(using).bulk_create(
        [
            Department(code=code, name_en=english, name_zh_hans=hans, name_zh_hant=hant)
            for code, (english, hans, hant) in SEEDED.items()
        ],
        ignore_conflicts=True,
    )
