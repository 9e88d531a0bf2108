/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gst/gst.h>

G_BEGIN_DECLS

/*
 * Real sound devices as far as a computer without any can have them: a sound server of our
 * own with outputs that end in nothing and a microphone that hears one of them.
 */

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED TRUE
#else
#define SANITIZED FALSE
#endif

#define SKIP 77

gboolean sound_tick (gpointer data);

/* Runs the main context until @value is true. */
#define wait_for(value)                                                                           \
  G_STMT_START                                                                                    \
  {                                                                                               \
    guint tick_ = g_timeout_add (10, sound_tick, NULL);                                              \
    gint64 end_ = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                                  \
    while (!(value))                                                                              \
      {                                                                                           \
        g_assert_cmpint (g_get_monotonic_time (), <, end_);                                       \
        g_main_context_iteration (NULL, TRUE);                                                    \
      }                                                                                           \
    g_source_remove (tick_);                                                                      \
  }                                                                                               \
  G_STMT_END

/* g_test_init() and gst_init() with a server of the process's own, which has the outputs `speaker`,
 * the default, and `feed`. FALSE where there is no sound server to be had. */
gboolean sound_server_init  (int    *argc,
                             char ***argv);
void     sound_server_clear (void);

/* the server goes without a word; started again it has the same address */
void     sound_server_kill  (void);
void     sound_server_start (void);

/* what `pactl` prints; of load-module, the number of the module */
char    *pactl              (const char *first,
                             ...) G_GNUC_NULL_TERMINATED;
char    *load_microphone    (void);
char    *load_headset       (void);
void     unload_output      (const char *name);

G_END_DECLS
