/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-engine-notices"

#include "config.h"

#include "alcove-engine-notices.h"

/*
 * What the parts of an engine have to tell the person goes out by the engine's own signals. Whoever
 * is told may let go of the engine.
 */

static void
on_notice (GObject *part,
           const GError *error,
           AlcoveEngine *engine)
{
  alcove_engine_notices_tell (engine, error);
}

static void
on_notice_over (GObject *part,
                const GError *error,
                AlcoveEngine *engine)
{
  g_autoptr (AlcoveEngine) keep = g_object_ref (engine);

  g_signal_emit_by_name (engine, "notice-over", error);
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
 * @part: one of its parts
 * @signal: by which it tells with a #GError what is wrong; where it also has a signal
 *   `notice-over`, that is passed on too
 *
 * Tells what @part tells, for as long as both live.
 */
void
alcove_engine_notices_follow (AlcoveEngine *engine,
                              gpointer part,
                              const char *signal)
{
  g_signal_connect_object (part, signal, G_CALLBACK (on_notice), engine, 0);
  if (g_signal_lookup ("notice-over", G_OBJECT_TYPE (part)) != 0)
    g_signal_connect_object (part, "notice-over", G_CALLBACK (on_notice_over), engine, 0);
}

/**
 * alcove_engine_notices_tell:
 * @engine: an engine
 * @error: what is wrong, in a plain sentence
 */
void
alcove_engine_notices_tell (AlcoveEngine *engine,
                            const GError *error)
{
  g_autoptr (AlcoveEngine) keep = g_object_ref (engine);

  g_signal_emit_by_name (engine, "notice", error);
}
