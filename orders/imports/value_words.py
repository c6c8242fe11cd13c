"""Words by which the world's files say yes and no, how an order stands, how it was paid.

In English, 简体 and 繁體, as shops export them; compared after `mapping.fold`.
"""

# ruff: noqa: E501 - Chinese letters count as two

from orders.imports.enums import Status

FLAG_WORDS: dict[str, bool] = {
    word: flag
    for flag, words in {
        True: ("yes", "y", "true", "1", "x", "disputed", "是", "有", "争议", "爭議"),
        False: ("no", "n", "false", "0", "-", "none", "否", "无", "無", "没有", "沒有"),
    }.items()
    for word in words
}

STATUS_WORDS: dict[str, str] = {
    word: status
    for status, words in {
        Status.OPEN: (
            "open", "new", "created", "placed", "pending", "submitted", "processing", "in progress",
            "approved", "confirmed", "paid", "invoiced", "待发货", "已付款", "待付款", "处理中",
            "等待买家付款", "买家已付款,等待卖家发货", "待出貨", "處理中", "已確認", "已核准",
        ),
        Status.SHIPPED: (
            "shipped", "sent", "in transit", "dispatched", "已发货", "卖家已发货,等待买家确认", "运输中",
            "已出貨", "運送中",
        ),
        Status.DELIVERED: (
            "delivered", "completed", "complete", "closed", "done", "fulfilled", "received",
            "已签收", "已完成", "交易成功", "已收货", "已簽收", "已送達",
        ),
        Status.CANCELLED: (
            "cancelled", "canceled", "void", "unavailable", "rejected", "已取消", "交易关闭", "已关闭",
            "已作废", "已關閉", "缺货", "已作廢",
        ),
    }.items()
    for word in words
}  # fmt: skip

METHOD_WORDS: dict[str, str] = {
    word: method
    for method, words in {
        "transfer": ("transfer", "bank transfer", "wire", "银行转账", "转账", "銀行轉帳", "匯款"),
        "card": ("card", "credit card", "debit card", "信用卡", "借记卡", "銀行卡", "刷卡"),
        "wallet": ("wallet", "paypal", "alipay", "wechat", "支付宝", "微信", "微信支付", "支付寶"),
        "cash": ("cash", "现金", "货到付款", "現金", "貨到付款"),
    }.items()
    for word in words
}  # fmt: skip
