/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-engine-notices"

#include "config.h"

#include "alcove-engine-notices.h"

/*
 * What the parts of an engine have to tell the person goes out by the engine's own signals. Whoever
 * is told may let go of the engine.
 *
 * A part that also takes back what it told, by `notice-over`, tells of states, and those that hold
 * are kept: whoever begins to listen later wants to know of them too. Anything else happens once,
 * and is over as soon as it is told.
 */

/* GError, the oldest first; there from the first one on */
static G_DEFINE_QUARK (alcove-engine-standing, standing)

static GPtrArray *
get_standing (AlcoveEngine *engine)
{
  return g_object_get_qdata (G_OBJECT (engine), standing_quark ());
}

static gboolean
is_same (gconstpointer one,
         gconstpointer other)
{
  const GError *error = one;
  const GError *wanted = other;

  return g_error_matches (error, wanted->domain, wanted->code)
         && g_str_equal (error->message, wanted->message);
}

static void
keep_standing (AlcoveEngine *engine,
               const GError *error)
{
  GPtrArray *array = get_standing (engine);

  if (array == NULL)
    {
      array = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
      g_object_set_qdata_full (G_OBJECT (engine), standing_quark (), array,
                               (GDestroyNotify) g_ptr_array_unref);
    }
  g_ptr_array_add (array, g_error_copy (error));
}

static void
on_event (GObject *part,
          const GError *error,
          AlcoveEngine *engine)
{
  alcove_engine_notices_tell (engine, error);
}

static void
hold (AlcoveEngine *engine,
      const GError *error)
{
  keep_standing (engine, error);
  alcove_engine_notices_tell (engine, error);
}

static void
take_back (AlcoveEngine *engine,
           const GError *error)
{
  g_autoptr (AlcoveEngine) keep = g_object_ref (engine);
  GPtrArray *array = get_standing (engine);
  guint at;

  if (array != NULL && g_ptr_array_find_with_equal_func (array, error, is_same, &at))
    g_ptr_array_remove_index (array, at);
  g_signal_emit_by_name (engine, "notice-over", error);
}

static void
on_state (GObject *part,
          const GError *error,
          AlcoveEngine *engine)
{
  hold (engine, error);
}

static void
on_state_over (GObject *part,
               const GError *error,
               AlcoveEngine *engine)
{
  take_back (engine, error);
}

/**
 * alcove_engine_notices_add_signals:
 * @engine_type: the type of engines, in its class initialization
 *
 * Adds `notice` and `notice-over`.
 */
void
alcove_engine_notices_add_signals (GType engine_type)
{
  g_signal_new ("notice", engine_type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_ERROR);
  g_signal_new ("notice-over", engine_type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_ERROR);
}

/**
 * alcove_engine_notices_follow:
 * @engine: an engine
 * @part: one of its parts, which tells with a #GError what is wrong: by a signal `notice`, of a
 *   state if there is also `notice-over`; by `failed`, of what happens once
 *
 * Tells what @part tells, for as long as both live.
 */
void
alcove_engine_notices_follow (AlcoveEngine *engine,
                              gpointer part)
{
  GType type = G_OBJECT_TYPE (part);
  gboolean states = g_signal_lookup ("notice-over", type) != 0;

  if (g_signal_lookup ("notice", type) != 0)
    g_signal_connect_object (part, "notice",
                             states ? G_CALLBACK (on_state) : G_CALLBACK (on_event), engine, 0);
  if (states)
    g_signal_connect_object (part, "notice-over", G_CALLBACK (on_state_over), engine, 0);
  if (g_signal_lookup ("failed", type) != 0)
    g_signal_connect_object (part, "failed", G_CALLBACK (on_event), engine, 0);
}

/**
 * alcove_engine_notices_tell:
 * @engine: an engine
 * @error: what is wrong, in a plain sentence
 *
 * Tells it once: it does not stand.
 */
void
alcove_engine_notices_tell (AlcoveEngine *engine,
                            const GError *error)
{
  g_autoptr (AlcoveEngine) keep = g_object_ref (engine);

  g_signal_emit_by_name (engine, "notice", error);
}

/**
 * alcove_engine_notices_set:
 * @engine: an engine
 * @topic: what it is about; static, and no name of other data of @engine
 * @error: (nullable): what is wrong with it, in a plain sentence, or %NULL if nothing is
 *
 * Tells it, unless it holds already, and takes back what held of @topic before.
 */
void
alcove_engine_notices_set (AlcoveEngine *engine,
                           const char *topic,
                           const GError *error)
{
  g_autoptr (AlcoveEngine) keep = g_object_ref (engine);
  g_autoptr (GError) before = g_object_steal_data (G_OBJECT (engine), topic);

  if (before != NULL && error != NULL && is_same (before, error))
    {
      g_object_set_data_full (G_OBJECT (engine), topic, g_steal_pointer (&before),
                              (GDestroyNotify) g_error_free);
      return;
    }

  if (error != NULL)
    g_object_set_data_full (G_OBJECT (engine), topic, g_error_copy (error),
                            (GDestroyNotify) g_error_free);
  if (before != NULL)
    take_back (engine, before);
  if (error != NULL)
    hold (engine, error);
}

/**
 * alcove_engine_dup_standing:
 * @self: an engine
 *
 * For whoever was not there when it was told: `notice-over` says when it holds no longer.
 *
 * Returns: (transfer full): the sentences of the notices of states that hold, the oldest first
 */
char **
alcove_engine_dup_standing (AlcoveEngine *self)
{
  GPtrArray *array = get_standing (self);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < array->len; i++)
    g_strv_builder_add (builder, ((const GError *) array->pdata[i])->message);
  return g_strv_builder_end (builder);
}
