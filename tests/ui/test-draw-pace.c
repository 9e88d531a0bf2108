/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gtk/gtk.h>

#include "alcove-draw-pace.h"

#define EXIT_SKIP 77
#define MANY (ALCOVE_DRAW_PACE_FEW + 2)

typedef struct {
  GtkWidget *window;
  GtkWidget *areas[MANY];
  guint drawn[MANY];
  guint n_areas;
  AlcoveDrawPace *pace;
  guint paints;
  gint64 painted; /* when the last one began */
} Scene;

static gboolean
never_cb (gpointer data)
{
  g_assert_not_reached ();
}

#define wait_until(condition) \
  G_STMT_START \
  { \
    guint bound_id = g_timeout_add_seconds (90, never_cb, NULL); \
    while (!(condition)) \
      g_main_context_iteration (NULL, TRUE); \
    g_source_remove (bound_id); \
  } \
  G_STMT_END

static void
draw_cb (GtkDrawingArea *area,
         cairo_t *cr,
         int width,
         int height,
         gpointer drawn)
{
  (*(guint *) drawn)++;
}

static void
before_paint_cb (Scene *scene)
{
  scene->paints++;
  scene->painted = g_get_monotonic_time ();
}

/* A window that rests: all of it was drawn, and nothing waits. */
static void
scene_open (Scene *scene,
            guint n_areas)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GdkFrameClock *clock;

  *scene = (Scene) { .window = gtk_window_new (), .n_areas = n_areas };
  for (guint i = 0; i < n_areas; i++)
    {
      scene->areas[i] = gtk_drawing_area_new ();
      gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (scene->areas[i]), 32);
      gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (scene->areas[i]), 32);
      gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (scene->areas[i]), draw_cb,
                                      &scene->drawn[i], NULL);
      gtk_box_append (GTK_BOX (box), scene->areas[i]);
    }
  gtk_window_set_child (GTK_WINDOW (scene->window), box);
  gtk_window_present (GTK_WINDOW (scene->window));
  clock = gtk_widget_get_frame_clock (scene->window);
  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (before_paint_cb), scene);
  scene->pace = alcove_draw_pace_for_clock (clock);
  for (guint i = 0; i < n_areas; i++)
    {
      alcove_draw_pace_add (scene->pace, scene->areas[i]);
      wait_until (scene->drawn[i] > 0);
    }
}

static void
scene_close (Scene *scene)
{
  gpointer pace = scene->pace;

  for (guint i = 0; i < scene->n_areas; i++)
    alcove_draw_pace_remove (scene->pace, scene->areas[i]);
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (scene->window), scene);
  g_object_add_weak_pointer (pace, &pace);
  g_object_unref (scene->pace);
  gtk_window_destroy (GTK_WINDOW (scene->window));
  wait_until (pace == NULL);
}

/* One asks, and before its turn is over another: they wait for each other, and are drawn once. */
static void
test_many (void)
{
  Scene scene;
  gint64 first;
  guint before, before_last, paints;

  scene_open (&scene, MANY);
  /* until nothing else is drawn in between, as a window that is new here and there is */
  do
    {
      before = scene.drawn[0];
      alcove_draw_pace_queue (scene.pace, scene.areas[0]);
      wait_until (scene.drawn[0] > before);
      first = scene.painted;
      paints = scene.paints;

      before = scene.drawn[1];
      before_last = scene.drawn[2];
      alcove_draw_pace_queue (scene.pace, scene.areas[1]);
      alcove_draw_pace_queue (scene.pace, scene.areas[2]);
      alcove_draw_pace_queue (scene.pace, scene.areas[2]);
      wait_until (scene.drawn[1] > before);
      g_assert_cmpuint (scene.drawn[1], ==, before + 1);
      g_assert_cmpuint (scene.drawn[2], ==, before_last + 1);
    }
  while (scene.paints != paints + 1);
  /* it may be later, on a busy machine, and never sooner */
  g_assert_cmpint (scene.painted - first, >=, ALCOVE_DRAW_PACE_INTERVAL - G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (alcove_draw_pace_get_waiting (scene.pace), ==, 0);
  scene_close (&scene);
}

/* Whatever else is drawn takes those along who wait. */
static void
test_along (void)
{
  Scene scene;
  guint before;

  scene_open (&scene, MANY);
  alcove_draw_pace_queue (scene.pace, scene.areas[0]);
  before = scene.drawn[0];
  wait_until (scene.drawn[0] > before);

  before = scene.drawn[1];
  alcove_draw_pace_queue (scene.pace, scene.areas[1]);
  gtk_widget_queue_draw (scene.areas[2]);
  wait_until (scene.drawn[1] > before);
  g_assert_cmpuint (alcove_draw_pace_get_waiting (scene.pace), ==, 0);
  scene_close (&scene);
}

/* A few are not made to wait, and who leaves is not drawn any more. */
static void
test_few (void)
{
  Scene scene;

  scene_open (&scene, ALCOVE_DRAW_PACE_FEW);
  for (guint i = 0; i < ALCOVE_DRAW_PACE_FEW; i++)
    {
      alcove_draw_pace_queue (scene.pace, scene.areas[i]);
      g_assert_cmpuint (alcove_draw_pace_get_waiting (scene.pace), ==, 0);
    }
  scene_close (&scene);

  scene_open (&scene, MANY);
  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < MANY; i++)
      alcove_draw_pace_queue (scene.pace, scene.areas[i]);
  scene_close (&scene);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;

  g_test_add_func ("/ui/draw-pace/many", test_many);
  g_test_add_func ("/ui/draw-pace/along", test_along);
  g_test_add_func ("/ui/draw-pace/few", test_few);
  return g_test_run ();
}
