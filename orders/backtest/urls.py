"""Addresses of backtests, included in the orders' own."""

from django.urls import path

from orders.backtest import views

urlpatterns = [
    path("", views.run_list, name="backtests"),
    path("new/", views.new, name="backtest_new"),
    path("<int:pk>/", views.detail, name="backtest"),
    path("<int:pk>/status/", views.status, name="backtest_status"),
    path("<int:pk>/cancel/", views.cancel, name="backtest_cancel"),
    path("<int:pk>/export/", views.export, name="backtest_export"),
]
