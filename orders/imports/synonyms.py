"""Names by which the world's files call things, in English, 简体 and 繁體, as shops export them.

Headers are compared after `mapping.fold`: case, spaces, punctuation and what stands in brackets do
not count. The first name that a file has wins.
"""

# ruff: noqa: E501 - Chinese letters count as two

from orders.imports.enums import Kind

_ORDER = (
    "order number", "order no", "order id", "order", "sales order", "external id", "number",
    "订单编号", "订单号", "主订单编号", "订单ID", "單號", "訂單編號", "訂單號碼", "訂單號",
)  # fmt: skip
_CUSTOMER = (
    "customer code", "customer no", "customer number", "customer id", "customer", "client id",
    "account", "buyer", "客户编号", "客户代码", "客户编码", "客户", "买家会员名", "买家昵称",
    "客戶編號", "客戶代碼", "客戶", "買家",
)  # fmt: skip
_SKU = (
    "sku", "product code", "product no", "product id", "item no", "item code", "material",
    "产品编号", "产品编码", "商品编号", "商品编码", "商品ID", "货号", "商家编码", "物料编号",
    "產品編號", "商品編號", "商品代碼", "貨號", "料號",
)  # fmt: skip
_CURRENCY = ("currency", "currency code", "币种", "币别", "货币", "幣別", "貨幣")
_PHONE = (
    "phone", "telephone", "mobile", "tel", "电话", "手机", "联系电话", "联系手机", "收货人电话",
    "電話", "手機", "聯絡電話", "收貨人電話",
)  # fmt: skip
_ADDRESS = (
    "ship to address", "shipping address", "delivery address", "address", "收货地址", "地址",
    "详细地址", "收货人地址", "收貨地址", "送貨地址", "詳細地址",
)  # fmt: skip
_TAX = ("tax percent", "tax rate", "tax", "vat rate", "vat", "税率", "稅率")
_TERMS = (
    "payment days", "payment terms in days", "payment terms", "terms", "账期", "付款天数",
    "付款条件", "帳期", "付款天數", "付款條件",
)  # fmt: skip
_PAID_AT = (
    "paid at", "payment date", "payment time", "paid on", "order approved at", "date paid",
    "付款时间", "订单付款时间", "支付时间", "付款日期", "付款時間", "訂單付款時間", "付款日",
)  # fmt: skip
_SHIPPED_AT = (
    "shipped at", "ship date", "shipping date", "shipped on", "order delivered carrier date",
    "dispatch date", "发货时间", "出货时间", "发货日期", "出貨時間", "發貨時間", "出貨日期",
)  # fmt: skip
_DELIVERED_AT = (
    "delivered at", "delivery date", "delivered on", "order delivered customer date",
    "确认收货时间", "签收时间", "收货时间", "簽收時間", "送達時間", "收貨時間",
)  # fmt: skip
_CARRIER = (
    "carrier",
    "courier",
    "shipper",
    "物流公司",
    "快递公司",
    "承运商",
    "物流公司",
    "貨運公司",
)
_TRACKING = (
    "tracking number", "tracking no", "waybill", "物流单号", "运单号", "快递单号", "物流單號",
    "貨運單號", "追蹤號碼",
)  # fmt: skip
_LIST_PRICE = ("list price", "catalogue price", "标价", "吊牌价", "定价", "定價", "牌價")
_COST = ("unit cost", "cost", "cost price", "成本", "单位成本", "成本价", "單位成本", "成本價")

SYNONYMS: dict[str, dict[str, tuple[str, ...]]] = {
    Kind.CUSTOMERS: {
        "code": (*_CUSTOMER, "code", "编号", "代码", "編號", "代碼"),
        "name": (
            "customer name", "name", "company", "company name", "客户名称", "客户姓名", "公司名称",
            "名称", "客戶名稱", "公司名稱", "名稱", "customer unique id",
        ),
        "email": ("email", "e-mail", "mail", "邮箱", "电子邮件", "電子郵件", "信箱"),
        "phone": _PHONE,
        "address": _ADDRESS,
        "postcode": (
            "postcode", "zip", "zip code", "postal code", "customer zip code prefix", "邮编",
            "邮政编码", "郵遞區號",
        ),
        "city": ("city", "customer city", "town", "城市", "市"),
        "region": ("state", "province", "region", "customer state", "省份", "省", "地区", "縣市", "地區"),
        "country": ("country", "国家", "國家"),
        "payment_days": _TERMS,
        "currency": _CURRENCY,
    },
    Kind.STOCK: {
        "product": _SKU,
        "warehouse": (
            "warehouse code", "warehouse", "location", "site", "仓库编码", "仓库代码", "仓库", "库位",
            "倉庫代碼", "倉庫編號", "倉庫",
        ),
        "on_hand": (
            "on hand", "quantity on hand", "stock", "qty on hand", "quantity", "库存数量", "库存量",
            "库存", "现有库存", "实际库存", "现存量", "现有量", "结存数量", "庫存數量", "庫存量",
            "庫存", "現有庫存", "實際庫存", "現存量", "現有量",
        ),
        "counted_at": (
            "counted at", "count date", "counted", "as of", "盘点时间", "盘点日期", "盤點時間",
            "盤點日期",
        ),
    },
    Kind.LIMITS: {
        "customer": _CUSTOMER,
        "type": ("type of limit", "limit type", "额度类别", "額度類別"),
        "kind": ("kind of limit", "limit kind", "额度类型", "額度類型"),
        "amount": (
            "credit limit", "limit", "limit amount", "amount", "信用额度", "额度", "额度金额", "金额",
            "信用額度", "額度", "額度金額", "金額",
        ),
        "currency": _CURRENCY,
        "valid_from": ("valid from", "first day", "from", "生效日期", "生效日", "起始日期", "首日",
                       "起始日", "生效日"),
        "valid_until": ("valid until", "last day", "valid to", "until", "失效日期", "到期日",
                        "截止日期", "末日", "到期日期", "失效日", "截止日"),
        "security": ("security", "担保方式", "担保", "擔保方式", "擔保"),
        "covered_percent": ("covered percent", "covered", "cover", "覆盖比例", "覆盖", "保障比例"),
        "reference": ("document", "reference", "凭证", "单据", "文件", "憑證"),
        "reason": ("reason", "justification", "why", "原因", "理由"),
    },
    Kind.PRODUCTS: {
        "sku": (*_SKU, "code", "编号", "編號"),
        "name": (
            "product name", "name", "title", "description", "产品名称", "商品名称", "宝贝标题", "名称",
            "產品名稱", "商品名稱", "品名", "名稱",
        ),
        "category": (
            "category", "product category", "product category name", "group", "类别", "分类", "品类",
            "類別", "分類", "品類",
        ),
        "price": ("price", "sales price", "unit price", "单价", "售价", "价格", "單價", "售價", "價格", *_LIST_PRICE),
        "cost": _COST,
        "tax_percent": _TAX,
        "currency": _CURRENCY,
    },
    Kind.ORDERS: {
        "number": _ORDER,
        "customer": _CUSTOMER,
        "submitted_at": (
            "submitted at", "order date", "ordered at", "order time", "order purchase timestamp",
            "created at", "date", "订单创建时间", "下单时间", "订单日期", "下单日期", "创建时间",
            "訂單日期", "下單時間", "訂購時間", "建立時間",
        ),
        "status": (
            "status", "order status", "state", "订单状态", "状态", "交易状态", "訂單狀態", "狀態",
        ),
        "paid_at": _PAID_AT,
        "shipped_at": _SHIPPED_AT,
        "delivered_at": _DELIVERED_AT,
        "cancelled_at": (
            "cancelled at", "canceled at", "cancellation date", "取消时间", "关闭时间", "取消時間",
        ),
        "promised_at": (
            "promised at", "promised for", "order estimated delivery date", "due date",
            "estimated delivery", "requested delivery date", "承诺发货时间", "预计送达时间", "交期",
            "要求交期", "預計送達時間", "預定交期",
        ),
        "total": (
            "total", "order total", "grand total", "amount", "total amount", "总金额", "订单金额",
            "买家应付货款", "订单总额", "總金額", "訂單金額", "訂單總額",
        ),
        "freight": ("freight", "shipping", "shipping cost", "freight value", "运费", "邮费", "運費"),
        "paid_amount": (
            "amount paid", "paid amount", "买家实际支付金额", "实付金额", "实际支付金额", "實付金額",
            "實際支付金額", "已付金額",
        ),
        "refund_amount": (
            "refund", "refund amount", "refunded", "退款金额", "退款金額",
        ),
        "currency": _CURRENCY,
        "ship_to_name": (
            "recipient", "ship to name", "receiver", "收货人", "收货人姓名", "收件人", "收貨人",
        ),
        "ship_to_phone": _PHONE,
        "ship_to_address": _ADDRESS,
        "carrier": _CARRIER,
        "tracking_number": _TRACKING,
        "payment_days": _TERMS,
        "note": ("note", "remark", "comment", "memo", "备注", "订单备注", "買家留言", "備註"),
    },
    Kind.LINES: {
        "order": _ORDER,
        "product": (*_SKU, "product", "item", "产品", "商品", "產品"),
        "quantity": ("quantity", "qty", "pieces", "数量", "购买数量", "件数", "數量", "件數"),
        "price": (
            "price", "unit price", "sales price", "单价", "售价", "成交价", "價格", "價錢", "單價",
        ),
        "freight": ("freight", "freight value", "shipping", "运费", "運費"),
        "discount_percent": ("discount percent", "discount", "折扣率", "折扣"),
        "tax_percent": _TAX,
        "list_price": _LIST_PRICE,
        "unit_cost": _COST,
        "currency": _CURRENCY,
    },
    Kind.PAYMENTS: {
        "order": _ORDER,
        "amount": (
            "amount", "payment value", "paid amount", "payment amount", "金额", "付款金额", "支付金额",
            "实付金额", "金額", "付款金額",
        ),
        "paid_at": (*_PAID_AT, "date", "日期", "at"),
        "method": (
            "method", "payment method", "payment type", "支付方式", "付款方式", "支付渠道",
        ),
        "reference": (
            "reference", "bank reference", "transaction id", "流水号", "交易号", "支付宝交易号",
            "交易序號", "流水號",
        ),
        "currency": _CURRENCY,
    },
    Kind.SHIPMENTS: {
        "order": _ORDER, "shipped_at": _SHIPPED_AT, "delivered_at": _DELIVERED_AT,
        "carrier": _CARRIER, "tracking_number": _TRACKING,
        "product": (*_SKU, "product", "item", "产品", "商品", "產品"),
        "quantity": ("quantity", "qty", "pieces", "数量", "发货数量", "件数", "數量", "出貨數量", "件數"),
    },
    Kind.INVOICES: {
        "number": (
            "invoice number", "invoice no", "invoice id", "invoice", "document number", "document no",
            "发票号码", "发票号", "发票编号", "单据编号", "發票號碼", "發票編號", "單據編號",
        ),
        "customer": (*_CUSTOMER, "往来单位", "付款方"),
        "issued_on": (
            "invoice date", "issued on", "issue date", "document date", "billing date", "invoiced on",
            "发票日期", "开票日期", "单据日期", "發票日期", "開立日期", "單據日期",
        ),
        "due_on": (
            "due date", "due on", "net due date", "payment due", "到期日", "到期日期", "应付日期",
            "應付日期",
        ),
        "amount": (
            "invoice amount", "amount", "total", "open amount", "amount due", "发票金额", "应收金额",
            "金额", "發票金額", "應收金額", "金額",
        ),
        "open_amount": (
            "open amount", "amount due", "amount open", "balance", "balance due", "outstanding",
            "未付金额", "未收金额", "余额", "未清金额", "未付金額", "未收金額", "餘額", "未清金額",
        ),
        "paid_amount": (
            "paid amount", "amount paid", "paid", "received", "amount received", "已付金额",
            "已收金额", "已核销金额", "已付金額", "已收金額", "已沖銷金額",
        ),
        "paid_on": (
            "last payment date", "last paid on", "last payment", "最近付款日期", "最近收款日期",
            "最後付款日期", "最後收款日期",
        ),
        "settled_on": (
            "settled date", "settled on", "clearing date", "cleared on", "paid on", "paid date",
            "payment date", "结清日期", "核销日期", "收款日期", "結清日期", "沖銷日期", "收款日",
        ),
        "disputed": ("disputed", "dispute", "in dispute", "是否争议", "争议", "是否爭議", "爭議"),
        "currency": _CURRENCY,
        "country": ("country", "country code", "国家", "國家"),
    },
    Kind.RECEIPTS: {
        "customer": (*_CUSTOMER, "付款人编码", "付款人代碼"),
        "payer": (
            "customer name", "payer", "payer name", "name", "remitter", "客户名称", "付款方",
            "付款人", "付款人名称", "对方户名", "对方名称", "对方单位", "往来单位", "户名", "客戶名稱",
            "付款人名稱", "對方戶名", "對方名稱", "戶名",
        ),
        "amount": (
            "amount", "receipt amount", "amount received", "credit", "金额", "收款金额", "到账金额",
            "贷方金额", "收入金额", "金額", "收款金額", "入帳金額", "貸方金額",
        ),
        "received_on": (
            "received on", "receipt date", "value date", "posting date", "booking date", "date",
            "收款日期", "到账日期", "入账日期", "交易日期", "日期", "收款日", "入帳日期",
        ),
        "reference": (
            "bank reference", "reference", "transaction id", "receipt number", "receipt no",
            "银行流水号", "流水号", "交易流水号", "收款编号", "收款单号", "收款單號", "交易序號",
            "收款編號", "流水號",
        ),
        "invoice": (
            "invoice number", "invoice no", "invoice", "发票号码", "发票号", "核销发票", "發票號碼",
            "沖銷發票",
        ),
        "method": (
            "method", "payment method", "支付方式", "付款方式", "收款方式", "支付渠道",
        ),
        "currency": _CURRENCY,
    },
}  # fmt: skip
