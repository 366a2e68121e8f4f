// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver for the second function of any card, which does nothing. With two
 * drivers on a card the core resets it by removing and finding it anew.
 */
#include <linux/mmc/sdio_func.h>
#include <linux/mmc/sdio_ids.h>
#include <linux/module.h>

static int neighbour_probe(struct sdio_func *func, const struct sdio_device_id *id)
{
	return func->num == 2 ? 0 : -ENODEV;
}

static void neighbour_remove(struct sdio_func *func)
{
}

static const struct sdio_device_id neighbour_ids[] = {
	{ SDIO_DEVICE(SDIO_ANY_ID, SDIO_ANY_ID) },
	{ }
};

static struct sdio_driver neighbour_driver = {
	.name = "neighbour",
	.id_table = neighbour_ids,
	.probe = neighbour_probe,
	.remove = neighbour_remove,
};
module_sdio_driver(neighbour_driver);

MODULE_DESCRIPTION("Driver for the second function of an SDIO card, for tests");
MODULE_LICENSE("GPL");
