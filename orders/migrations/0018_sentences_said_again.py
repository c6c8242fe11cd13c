from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0017_orders_by_api"),
    ]

    operations = [
        migrations.AddField(
            model_name="fulfilmentevent",
            name="said",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="importrefusal",
            name="said",
            field=models.JSONField(null=True),
        ),
    ]
