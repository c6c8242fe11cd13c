"""The addresses of the product, and a page that does the least: one query by primary key."""

from django.http import HttpResponse
from django.urls import path

from config.urls import *  # noqa: F403 - the error handlers too
from config.urls import urlpatterns as product
from orders.models import Order
from staff.access import public


@public
def least(request, pk):
    order = Order.objects.get(pk=pk)
    return HttpResponse(f"<!DOCTYPE html><title>{order.number}</title><h1>{order.number}</h1>")


urlpatterns = [path("least/<int:pk>/", least), *product]
