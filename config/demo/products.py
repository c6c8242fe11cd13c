"""What the demo company sells: tools, electrics and household goods in ten variants each."""

from decimal import Decimal

from credit.money import quantize
from orders.models import Product, ProductPrice

# How many units of each currency a yuan buys; list prices are set from it once.
RATES = {
    "CNY": Decimal(1),
    "USD": Decimal("0.14"),
    "EUR": Decimal("0.13"),
    "TWD": Decimal("4.4"),
    "HKD": Decimal("1.09"),
}

# SKU, name, category, unit, list price and cost of the smallest variant in CNY
_FAMILIES = [
    ("DRL", "充电式电钻 Cordless drill", "电动工具", "V", 260, 171),
    ("SAW", "圆锯 Circular saw", "电动工具", "mm", 420, 290),
    ("GRD", "角磨机 Angle grinder", "电动工具", "mm", 198, 126),
    ("WRN", "扳手套装 Wrench set", "手动工具", "件", 88, 49),
    ("SCR", "螺丝刀组 Screwdriver set", "手动工具", "件", 56, 30),
    ("LDR", "铝合金梯 Aluminium ladder", "手动工具", "级", 310, 214),
    ("CAB", "电力电缆 Power cable", "电气", "mm²", 640, 548),
    ("LED", "LED 灯盘 LED panel", "电气", "W", 74, 41),
    ("SWT", "智能开关 Smart switch", "电气", "位", 46, 24),
    ("BRK", "断路器 Circuit breaker", "电气", "A", 39, 22),
    ("PMP", "离心水泵 Centrifugal pump", "机电", "kW", 980, 702),
    ("MTR", "三相电机 Three-phase motor", "机电", "kW", 1450, 1090),
    ("BRG", "滚珠轴承 Ball bearing", "机电", "mm", 32, 19),
    ("VLV", "不锈钢阀门 Steel valve", "机电", "DN", 165, 108),
    ("GLV", "防护手套 Safety gloves", "劳保", "双", 18, 9),
    ("HLM", "安全帽 Safety helmet", "劳保", "型", 42, 23),
    ("BTS", "劳保鞋 Safety boots", "劳保", "码", 168, 104),
    ("TAP", "厨房龙头 Kitchen tap", "家居", "型", 228, 140),
    ("PNT", "内墙乳胶漆 Interior paint", "家居", "L", 196, 139),
    ("LCK", "智能门锁 Smart lock", "智能家居", "代", 720, 455),
]


def load() -> list[Product]:
    """Make 200 products with prices in every currency the demo customers use."""
    products = Product.objects.bulk_create(
        Product(
            sku=f"{sku}-{size:02}0",
            name=f"{name} {size * 10} {unit}",
            category=category,
            tax_percent=Decimal("13.00"),
        )
        for sku, name, category, unit, _price, _cost in _FAMILIES
        for size in range(1, 11)
    )
    prices = []
    for number, product in enumerate(products):
        family, size = _FAMILIES[number // 10], number % 10
        growth = 1 + Decimal(size) * Decimal("0.22")
        prices += [
            ProductPrice(
                product=product,
                currency=currency,
                price=quantize(family[4] * growth * rate),
                cost=quantize(family[5] * growth * rate),
            )
            for currency, rate in RATES.items()
        ]
    ProductPrice.objects.bulk_create(prices)
    return products
