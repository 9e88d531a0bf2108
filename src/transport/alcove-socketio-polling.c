/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-socketio-polling"

#include "config.h"

#include "alcove-socketio-polling.h"

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-socketio-transport.h"
#include "alcove-websocket-error.h"

/*
 * The handshake over HTTP that servers want which let no WebSocket in without a session,
 * and the addresses that both ways go to.
 */

/* Outlives its owner, and being dropped, until libsoup is done. */
struct _AlcoveSocketioPoll {
  GWeakRef owner;
  gboolean dropped;
  AlcoveSocketioPollFunc callback;
  guint version;
  AlcoveTrust *trust;
  GCancellable *cancellable;
  GInputStream *stream;
  SoupMessage *message;
  gsize length;
  char bytes[ALCOVE_SOCKETIO_MAX_POLL_BYTES];
};

static void
poll_free (AlcoveSocketioPoll *self)
{
  g_weak_ref_clear (&self->owner);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->stream);
  g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  g_clear_object (&self->trust);
  g_free (self);
}

static gboolean
on_accept_certificate (AlcoveSocketioPoll *self,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags problems)
{
  return alcove_trust_judge (self->trust, soup_message_get_uri (self->message), certificate,
                             problems);
}

/* Who wants to know what became of it, if anyone still does. */
static GObject *
claim (AlcoveSocketioPoll *self)
{
  return self->dropped ? NULL : g_weak_ref_get (&self->owner);
}

static void
fail (AlcoveSocketioPoll *self,
      GObject *owner,
      const GError *cause)
{
  g_autoptr (GError) error
      = alcove_websocket_error_connecting (soup_message_get_uri (self->message), self->message,
                                           cause);

  self->callback (owner, NULL, NULL, error);
}

static void
take (AlcoveSocketioPoll *self,
      GObject *owner)
{
  g_auto (AlcoveEngineioHandshake) handshake = { 0 };
  g_autoptr (GPtrArray) packets = NULL;
  g_autoptr (GError) error = NULL;

  if (soup_message_get_status (self->message) == SOUP_STATUS_OK)
    packets = alcove_engineio_payload_decode (self->bytes, self->length, self->version, NULL);
  if (packets == NULL || packets->len == 0
      || *(const char *) g_ptr_array_index (packets, 0) != '0'
      || !alcove_engineio_handshake_parse ((const char *) g_ptr_array_index (packets, 0) + 1,
                                           &handshake, NULL)
      || !handshake.websocket)
    {
      error = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_WRONG_PROTOCOL,
                                   _ ("The server answers, but it does not speak Socket.IO."));
      self->callback (owner, NULL, NULL, error);
      return;
    }

  self->callback (owner, &handshake, packets, NULL);
}

static void
on_read (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  AlcoveSocketioPoll *self = data;
  g_autoptr (GObject) owner = claim (self);
  g_autoptr (GError) cause = NULL;
  gboolean read = g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &self->length,
                                                  &cause);

  if (owner != NULL && read)
    take (self, owner);
  else if (owner != NULL)
    fail (self, owner, cause);
  poll_free (self);
}

static void
on_sent (GObject *source,
         GAsyncResult *result,
         gpointer data)
{
  AlcoveSocketioPoll *self = data;
  g_autoptr (GObject) owner = claim (self);
  g_autoptr (GError) cause = NULL;

  self->stream = soup_session_send_finish (SOUP_SESSION (source), result, &cause);
  if (owner != NULL && self->stream != NULL)
    {
      g_input_stream_read_all_async (self->stream, self->bytes, sizeof self->bytes,
                                     G_PRIORITY_DEFAULT, self->cancellable, on_read, self);
      return;
    }

  if (owner != NULL)
    fail (self, owner, cause);
  poll_free (self);
}

/**
 * alcove_socketio_build_uri:
 * @address: (nullable): the server's address as it was given, of any of the schemes `ws`,
 *   `wss`, `http`, `https`; its query is kept
 * @version: the protocol of Engine.IO, 3 or 4
 * @over_http: whether it is for polling, not for a WebSocket
 * @sid: (nullable): the session to go on with
 * @error: %ALCOVE_ERROR_ADDRESS_INVALID if @address can't be read
 *
 * Returns: (transfer full) (nullable): the address of one attempt
 */
char *
alcove_socketio_build_uri (const char *address,
                           guint version,
                           gboolean over_http,
                           const char *sid,
                           GError **error)
{
  g_autoptr (GUri) typed
      = address != NULL ? g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GString) query = g_string_new (NULL);
  g_autofree char *path = NULL;
  gboolean secure;
  const char *scheme;

  if (typed == NULL || g_uri_get_host (typed) == NULL)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                           _ ("The address can’t be read."));
      return NULL;
    }

  secure = g_str_equal (g_uri_get_scheme (typed), "wss")
           || g_str_equal (g_uri_get_scheme (typed), "https");
  if (over_http)
    scheme = secure ? "https" : "http";
  else
    scheme = secure ? "wss" : "ws";

  if (g_uri_get_query (typed) != NULL && *g_uri_get_query (typed) != '\0')
    g_string_append_printf (query, "%s&", g_uri_get_query (typed));
  g_string_append_printf (query, "EIO=%u&transport=%s", version,
                          over_http ? "polling" : "websocket");
  if (sid != NULL)
    {
      g_autofree char *escaped = g_uri_escape_string (sid, NULL, FALSE);

      g_string_append_printf (query, "&sid=%s", escaped);
    }

  /* Servers know their path by the slash at its end, which people leave out. */
  path = g_strconcat (g_uri_get_path (typed),
                      g_str_has_suffix (g_uri_get_path (typed), "/") ? NULL : "/", NULL);
  uri = g_uri_build (SOUP_HTTP_URI_FLAGS, scheme, NULL, g_uri_get_host (typed),
                     g_uri_get_port (typed), path, query->str, NULL);
  return g_uri_to_string (uri);
}

/**
 * alcove_socketio_poll_begin:
 * @session: what the request goes through
 * @uri: where to, from alcove_socketio_build_uri()
 * @version: the protocol of Engine.IO, 3 or 4
 * @trust: (nullable): the certificates accepted as exceptions
 * @owner: handed to @callback; is not kept alive
 * @callback: called in this thread's main context, never before this has returned
 * @error: %ALCOVE_ERROR_ADDRESS_INVALID if @uri can't be read
 *
 * Asks for a session. How long that may take is for the owner to bound.
 *
 * Returns: (transfer none) (nullable): the poll, until @callback is called or it is dropped
 */
AlcoveSocketioPoll *
alcove_socketio_poll_begin (SoupSession *session,
                            const char *uri,
                            guint version,
                            AlcoveTrust *trust,
                            GObject *owner,
                            AlcoveSocketioPollFunc callback,
                            GError **error)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, uri);
  AlcoveSocketioPoll *self;

  if (message == NULL)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID,
                           _ ("The address can’t be read."));
      return NULL;
    }

  self = g_new0 (AlcoveSocketioPoll, 1);
  g_weak_ref_init (&self->owner, owner);
  self->callback = callback;
  self->version = version;
  self->cancellable = g_cancellable_new ();
  self->message = g_steal_pointer (&message);
  g_set_object (&self->trust, trust);
  g_signal_connect_swapped (self->message, "accept-certificate",
                            G_CALLBACK (on_accept_certificate), self);
  soup_message_add_flags (self->message, SOUP_MESSAGE_NO_REDIRECT);
  soup_session_set_proxy_resolver (
      session, alcove_websocket_uri_is_loopback (soup_message_get_uri (self->message))
                   ? NULL
                   : g_proxy_resolver_get_default ());
  soup_session_send_async (session, self->message, G_PRIORITY_DEFAULT, self->cancellable, on_sent,
                           self);
  return self;
}

/**
 * alcove_socketio_poll_drop:
 * @self: a poll whose callback was not called yet
 *
 * Gives it up: the callback is not called any more.
 */
void
alcove_socketio_poll_drop (AlcoveSocketioPoll *self)
{
  self->dropped = TRUE;
  g_cancellable_cancel (self->cancellable);
}
