/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "scripted-signaller.h"

#include <string.h>

#define PATIENCE_MS 90000

struct _ScriptedTransport {
  AlcoveTransport parent_instance;

  GPtrArray *sent;
  gboolean drop_at_send;
};

G_DEFINE_FINAL_TYPE (ScriptedTransport, scripted_transport, ALCOVE_TYPE_TRANSPORT)

static void
scripted_transport_open (AlcoveTransport *transport)
{
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_CONNECTING);
  alcove_transport_emit_connecting (transport);
}

static void
drop (AlcoveTransport *transport)
{
  g_autoptr (GError) error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CLOSED, "lost");

  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_WAITING);
  alcove_transport_emit_dropped (transport, error);
}

static void
scripted_transport_send (AlcoveTransport *transport,
                         const char *text)
{
  ScriptedTransport *self = SCRIPTED_TRANSPORT (transport);

  g_ptr_array_add (self->sent, g_strdup (text));
  if (self->drop_at_send)
    {
      self->drop_at_send = FALSE;
      drop (transport);
    }
}

static void
scripted_transport_close (AlcoveTransport *transport)
{
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_CLOSED);
  alcove_transport_emit_closed (transport);
}

static void
scripted_transport_restart (AlcoveTransport *transport,
                            const GError *reason)
{
  alcove_transport_set_state (transport, ALCOVE_TRANSPORT_WAITING);
  alcove_transport_emit_dropped (transport, reason);
}

static void
scripted_transport_finalize (GObject *object)
{
  g_ptr_array_unref (SCRIPTED_TRANSPORT (object)->sent);
  G_OBJECT_CLASS (scripted_transport_parent_class)->finalize (object);
}

static void
scripted_transport_class_init (ScriptedTransportClass *klass)
{
  AlcoveTransportClass *transport_class = ALCOVE_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = scripted_transport_finalize;
  transport_class->open = scripted_transport_open;
  transport_class->send = scripted_transport_send;
  transport_class->close = scripted_transport_close;
  transport_class->restart = scripted_transport_restart;
}

static void
scripted_transport_init (ScriptedTransport *self)
{
  self->sent = g_ptr_array_new_with_free_func (g_free);
}

AlcoveTransport *
scripted_transport_new (void)
{
  return g_object_new (SCRIPTED_TYPE_TRANSPORT, NULL);
}

static void
note (Scripted *self,
      const char *format,
      ...) G_GNUC_PRINTF (2, 3);

static void
note (Scripted *self,
      const char *format,
      ...)
{
  va_list args;

  if (self->log->len > 0)
    g_string_append_c (self->log, ' ');
  va_start (args, format);
  g_string_append_vprintf (self->log, format, args);
  va_end (args);
  self->events++;
}

static void
on_joined (Scripted *self,
           const char *id)
{
  note (self, "joined:%s", id);
}

static void
on_peer_joined (Scripted *self,
                const char *id,
                const char *name,
                gboolean we_offer)
{
  g_assert_true (name == NULL || strcmp (name, id) == 0);
  note (self, "%s:%s", we_offer ? "call" : "wait", id);
}

static void
on_peer_left (Scripted *self,
              const char *id)
{
  note (self, "left:%s", id);
}

static void
on_peer_away (Scripted *self,
              const char *id)
{
  note (self, "away:%s", id);
}

static void
on_description (Scripted *self,
                const char *id,
                int type,
                const char *sdp)
{
  g_assert_nonnull (sdp);
  note (self, "%s:%s", type == ALCOVE_DESCRIPTION_OFFER ? "offer" : "answer", id);
}

static void
on_candidate (Scripted *self,
              const char *id,
              const char *mid,
              int mline_index,
              const char *candidate)
{
  g_assert_cmpuint (strlen (candidate), >, 0);
  note (self, "candidate%d%s%s:%s", mline_index, mid != NULL ? "/" : "", mid != NULL ? mid : "", id);
}

static void
on_called (Scripted *self,
           const char *id,
           const char *text)
{
  note (self, "called:%s", id);
}

static void
on_hung_up (Scripted *self,
            const char *id)
{
  note (self, "hung-up:%s", id);
}

static void
on_offer_wanted (Scripted *self,
                 const char *id)
{
  note (self, "offer-wanted:%s", id);
}

static void
on_failed (Scripted *self,
           const GError *error)
{
  g_assert_true (error->domain == ALCOVE_ERROR);
  note (self, "failed:%s", alcove_error_get_code (error));
}

static void
on_disconnected (Scripted *self,
                 const GError *error)
{
  note (self, "disconnected:%s", alcove_error_get_code (error));
}

static void
on_reconnected (Scripted *self)
{
  note (self, "reconnected");
}

static void
on_problem (Scripted *self,
            const GError *error)
{
  g_assert_true (error->domain == ALCOVE_ERROR);
  note (self, "problem:%s", alcove_error_get_code (error));
}

static void
on_left (Scripted *self)
{
  note (self, "gone");
}

Scripted *
scripted_new (AlcoveSignaller *signaller,
              AlcoveTransport *transport)
{
  static const struct {
    const char *name;
    GCallback callback;
  } handlers[] = {
    { "joined", G_CALLBACK (on_joined) },
    { "peer-joined", G_CALLBACK (on_peer_joined) },
    { "peer-left", G_CALLBACK (on_peer_left) },
    { "peer-away", G_CALLBACK (on_peer_away) },
    { "description", G_CALLBACK (on_description) },
    { "candidate", G_CALLBACK (on_candidate) },
    { "called", G_CALLBACK (on_called) },
    { "hung-up", G_CALLBACK (on_hung_up) },
    { "offer-wanted", G_CALLBACK (on_offer_wanted) },
    { "failed", G_CALLBACK (on_failed) },
    { "disconnected", G_CALLBACK (on_disconnected) },
    { "reconnected", G_CALLBACK (on_reconnected) },
    { "problem", G_CALLBACK (on_problem) },
    { "left", G_CALLBACK (on_left) },
  };
  Scripted *self = g_new0 (Scripted, 1);

  self->signaller = signaller;
  self->transport = transport;
  self->log = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_swapped (signaller, handlers[i].name, handlers[i].callback, self);
  return self;
}

void
scripted_free (Scripted *self)
{
  g_signal_handlers_disconnect_by_data (self->signaller, self);
  g_assert_finalize_object (self->signaller);
  if (self->transport != NULL)
    g_assert_finalize_object (self->transport);
  g_string_free (self->log, TRUE);
  g_free (self);
}

void
scripted_open (Scripted *self)
{
  alcove_transport_set_state (self->transport, ALCOVE_TRANSPORT_OPEN);
  alcove_transport_emit_opened (self->transport);
}

void
scripted_connect_and_open (Scripted *self,
                           const char *room,
                           const char *name,
                           AlcoveRole role)
{
  alcove_signaller_connect (self->signaller, room, name, role);
  scripted_open (self);
}

void
scripted_drop (Scripted *self)
{
  drop (self->transport);
}

void
scripted_drop_at_send (Scripted *self)
{
  SCRIPTED_TRANSPORT (self->transport)->drop_at_send = TRUE;
}

void
scripted_try_again (Scripted *self)
{
  alcove_transport_set_state (self->transport, ALCOVE_TRANSPORT_CONNECTING);
  alcove_transport_emit_connecting (self->transport);
  scripted_open (self);
}

void
scripted_receive (Scripted *self,
                  const char *text)
{
  alcove_transport_emit_message (self->transport, text);
}

static gboolean
on_patience (gpointer data)
{
  g_error ("what was waited for did not happen after “%s”", ((Scripted *) data)->log->str);
  return G_SOURCE_REMOVE;
}

static void
wait_for (Scripted *self,
          const guint *count,
          guint least)
{
  guint source = g_timeout_add (PATIENCE_MS, on_patience, self);

  while (*count < least)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
}

void
scripted_wait (Scripted *self,
               guint n_events)
{
  wait_for (self, &self->events, n_events);
}

void
scripted_wait_sent (Scripted *self,
                    guint n_sent)
{
  wait_for (self, &SCRIPTED_TRANSPORT (self->transport)->sent->len, n_sent);
}

guint
scripted_n_sent (Scripted *self)
{
  return SCRIPTED_TRANSPORT (self->transport)->sent->len;
}

const char *
scripted_last_sent (Scripted *self)
{
  GPtrArray *sent = SCRIPTED_TRANSPORT (self->transport)->sent;

  return sent->len > 0 ? sent->pdata[sent->len - 1] : NULL;
}

const char *
scripted_sent (Scripted *self,
               guint position)
{
  g_assert_cmpuint (position, <, scripted_n_sent (self));
  return SCRIPTED_TRANSPORT (self->transport)->sent->pdata[position];
}

/* Compares and forgets. */
void
scripted_assert_log_at (Scripted *self,
                        const char *expected,
                        const char *file,
                        int line)
{
  if (strcmp (self->log->str, expected) != 0)
    g_error ("%s:%d: “%s” instead of “%s”", file, line, self->log->str, expected);
  g_string_truncate (self->log, 0);
  self->events = 0;
}
