from django.urls import include, path

from orders.views import acts, detail, entry, flags, holds, lists, misjudged

app_name = "orders"
urlpatterns = [
    path("orders/", lists.order_list, name="list"),
    path("orders/export/", lists.export, name="export"),
    path("orders/new/", entry.new, name="new"),
    path("orders/quote/", entry.quote_part, name="quote"),
    path("orders/product-options/", entry.product_options, name="product_options"),
    path("orders/<int:pk>/", detail.detail, name="detail"),
    path("orders/<int:pk>/edit/", entry.edit, name="edit"),
    path("orders/<int:pk>/copy/", entry.copy, name="copy"),
    path("orders/<int:pk>/decisions/<int:decision_pk>/", detail.decision, name="decision"),
    path(
        "orders/<int:pk>/decisions/<int:decision_pk>/misjudged/",
        misjudged.misjudged,
        name="misjudged",
    ),
    path("orders/<int:pk>/submit/", acts.submit, name="submit"),
    path("orders/<int:pk>/pay/", acts.pay, name="pay"),
    path("orders/<int:pk>/ship/", acts.ship, name="ship"),
    path("orders/<int:pk>/deliver/", acts.deliver, name="deliver"),
    path("orders/<int:pk>/invoice/", acts.invoice, name="invoice"),
    path("orders/<int:pk>/return-goods/", acts.return_goods, name="return_goods"),
    path("orders/<int:pk>/close-short/", acts.close_short, name="close_short"),
    path("orders/<int:pk>/hold/", acts.hold, name="hold"),
    path("orders/<int:pk>/take-back/", acts.take_back, name="take_back"),
    path("orders/<int:pk>/cancel/", acts.cancel, name="cancel"),
    path("holds/", holds.hold_list, name="holds"),
    path("holds/export/", holds.hold_export, name="hold_export"),
    path("holds/release/", holds.release_many, name="release_many"),
    path("holds/<int:pk>/release/", holds.release_hold, name="release_hold"),
    path("holds/<int:pk>/wrongly-held/", misjudged.wrongly_held, name="wrongly_held"),
    path("customers/<int:pk>/orders/", lists.customer_orders, name="customer_orders"),
    path("products/", lists.products, name="products"),
    path("products/flags/", flags.flag_list, name="flags"),
    path("products/flags/new/", flags.raise_flag, name="raise_flag"),
    path("products/flags/<int:pk>/lift/", flags.lift_flag, name="lift_flag"),
    path("imports/", include("orders.imports.urls")),
]
