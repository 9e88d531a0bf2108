/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-capture-stall.h"

#define PERIOD (ALCOVE_CAPTURE_STALL_PERIOD_MS * G_TIME_SPAN_MILLISECOND)
#define BEGIN (100 * G_USEC_PER_SEC)
#define PATIENCE 4

typedef struct {
  AlcoveCaptureStall stall;
  guint n_given;
  gint64 now;
} Device;

static gboolean
device_look (Device *device,
             guint n_more,
             gint64 later)
{
  device->n_given += n_more;
  device->now += later;
  return alcove_capture_stall_look (&device->stall, device->n_given, device->now);
}

static void
check_stops (Device *device)
{
  for (guint i = 1; i < PATIENCE; i++)
    g_assert_false (device_look (device, 0, PERIOD));
  g_assert_true (device_look (device, 0, PERIOD));
}

static void
test_steady (void)
{
  Device device = { .now = BEGIN };

  for (guint i = 0; i < 100; i++)
    g_assert_false (device_look (&device, 1, PERIOD));
  check_stops (&device);
}

/* What it gives now and then is enough. */
static void
test_slow (void)
{
  Device device = { .now = BEGIN };

  for (guint i = 0; i < 100; i++)
    g_assert_false (device_look (&device, i % (PATIENCE - 1) == 0 ? 1 : 0, PERIOD));
}

/* It gave nothing since the first look. */
static void
test_at_once (void)
{
  Device device = { .n_given = 1, .now = BEGIN };

  g_assert_false (device_look (&device, 0, 0));
  check_stops (&device);
}

static void
test_late_look (void)
{
  Device device = { .now = BEGIN };

  g_assert_false (device_look (&device, 1, PERIOD));
  for (guint i = 1; i < PATIENCE; i++)
    g_assert_false (device_look (&device, 0, PERIOD));
  /* asleep for an hour, and held up by something else */
  g_assert_false (device_look (&device, 0, G_TIME_SPAN_HOUR));
  g_assert_false (device_look (&device, 0, PERIOD));
  g_assert_false (device_look (&device, 0, 5 * PERIOD / 2));
  check_stops (&device);
}

static void
test_wrap (void)
{
  Device device = { .n_given = G_MAXUINT - 2, .now = BEGIN };

  for (guint i = 0; i < 10; i++)
    g_assert_false (device_look (&device, 1, PERIOD));
  check_stops (&device);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/media/capture-stall/steady", test_steady);
  g_test_add_func ("/media/capture-stall/slow", test_slow);
  g_test_add_func ("/media/capture-stall/at-once", test_at_once);
  g_test_add_func ("/media/capture-stall/late-look", test_late_look);
  g_test_add_func ("/media/capture-stall/wrap", test_wrap);

  return g_test_run ();
}
