/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-websocket-meter"

#include "config.h"

#include "alcove-websocket-meter.h"

#include "alcove-websocket-transport.h"

#define EXTENSIONS_HEADER "Sec-WebSocket-Extensions"
/* Never on the wire. */
#define NAME "x-alcove-meter"

#define FIN 0x80
#define OPCODE_CONTROL 0x08
#define OPCODE 0x0f

/**
 * AlcoveWebsocketMeter:
 *
 * Counts what a server sends, frame by frame. libsoup before 3.8 bounds a single frame
 * alone, so that a message of endless fragments would grow in memory without end; and
 * every version goes on reading for as long as there is something to read, so that endless
 * frames of any kind would keep the main loop to themselves.
 *
 * For libsoup the meter is an extension of WebSocket, since extensions alone are shown each
 * frame. The server is not told of it, and nothing on the wire changes: what both sides
 * would have said of it is put into the headers after they were exchanged.
 */
struct _AlcoveWebsocketMeter {
  SoupWebsocketExtension parent_instance;

  guint64 message_size;
  guint64 turn_size;
  guint turn_frames;
  GSource *turn;
  guint controls;
  gint64 controls_since;
};

G_DEFINE_FINAL_TYPE (AlcoveWebsocketMeter,
                     alcove_websocket_meter,
                     SOUP_TYPE_WEBSOCKET_EXTENSION)

G_DEFINE_QUARK (alcove-websocket-meter-error-quark, alcove_websocket_meter_error)

static gboolean
on_turn (gpointer data)
{
  AlcoveWebsocketMeter *self = data;

  self->turn_size = 0;
  self->turn_frames = 0;
  g_clear_pointer (&self->turn, g_source_unref);
  return G_SOURCE_REMOVE;
}

static gboolean
count_turn (AlcoveWebsocketMeter *self,
            gsize size)
{
  if (self->turn == NULL)
    {
      self->turn = g_timeout_source_new (0);
      g_source_set_callback (self->turn, on_turn, self, NULL);
      g_source_attach (self->turn, g_main_context_get_thread_default ());
    }

  self->turn_size += size;
  self->turn_frames++;
  return self->turn_size <= ALCOVE_WEBSOCKET_MAX_TURN
         && self->turn_frames <= ALCOVE_WEBSOCKET_MAX_TURN_FRAMES;
}

static gboolean
count_control (AlcoveWebsocketMeter *self,
               const guint8 *header)
{
  gint64 now = g_get_monotonic_time ();

  if ((header[0] & OPCODE_CONTROL) == 0)
    return TRUE;

  if (now - self->controls_since > ALCOVE_WEBSOCKET_CONTROLS_SECONDS * G_USEC_PER_SEC)
    {
      self->controls_since = now;
      self->controls = 0;
    }
  self->controls++;
  return self->controls <= ALCOVE_WEBSOCKET_MAX_CONTROLS;
}

static gboolean
count_message (AlcoveWebsocketMeter *self,
               const guint8 *header,
               gsize size)
{
  if (header[0] & OPCODE_CONTROL)
    return TRUE;

  /* The first fragment has an opcode, those that follow have none (RFC 6455, section 5.4). */
  if ((header[0] & OPCODE) != 0)
    self->message_size = 0;
  self->message_size += size;
  if (self->message_size > ALCOVE_WEBSOCKET_MAX_INCOMING)
    return FALSE;

  if (header[0] & FIN)
    self->message_size = 0;
  return TRUE;
}

/* What the server asks for comes first, so that it is refused as ever. */
static void
on_switching (SoupMessage *message)
{
  if (soup_message_get_status (message) != SOUP_STATUS_SWITCHING_PROTOCOLS)
    return;

  soup_message_headers_replace (soup_message_get_request_headers (message), EXTENSIONS_HEADER,
                                NAME);
  soup_message_headers_append (soup_message_get_response_headers (message), EXTENSIONS_HEADER,
                               NAME);
}

static GBytes *
alcove_websocket_meter_process_incoming (SoupWebsocketExtension *extension,
                                         guint8 *header,
                                         GBytes *payload,
                                         GError **error)
{
  AlcoveWebsocketMeter *self = ALCOVE_WEBSOCKET_METER (extension);
  gsize size = g_bytes_get_size (payload);

  if (!count_message (self, header, size))
    g_set_error_literal (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_CLOSE_TOO_BIG,
                         "all fragments together are over the bound");
  else if (!count_control (self, header) || !count_turn (self, size))
    g_set_error_literal (error, ALCOVE_WEBSOCKET_METER_ERROR,
                         ALCOVE_WEBSOCKET_METER_ERROR_TOO_FAST, "too many frames");
  else
    return payload;

  g_bytes_unref (payload);
  return NULL;
}

static void
alcove_websocket_meter_finalize (GObject *object)
{
  AlcoveWebsocketMeter *self = ALCOVE_WEBSOCKET_METER (object);

  if (self->turn != NULL)
    g_source_destroy (self->turn);
  g_clear_pointer (&self->turn, g_source_unref);

  G_OBJECT_CLASS (alcove_websocket_meter_parent_class)->finalize (object);
}

static void
alcove_websocket_meter_class_init (AlcoveWebsocketMeterClass *klass)
{
  SoupWebsocketExtensionClass *extension_class = SOUP_WEBSOCKET_EXTENSION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = alcove_websocket_meter_finalize;
  extension_class->name = NAME;
  extension_class->process_incoming_message = alcove_websocket_meter_process_incoming;
}

static void
alcove_websocket_meter_init (AlcoveWebsocketMeter *self)
{
}

/**
 * alcove_websocket_meter_add_to:
 * @session: a session whose WebSockets are to be metered
 *
 * Makes the meter known. It is the only extension: compressed messages, of which a small
 * frame may hold any amount, stay out.
 */
void
alcove_websocket_meter_add_to (SoupSession *session)
{
  soup_session_add_feature_by_type (session, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_WEBSOCKET_EXTENSION_DEFLATE);
  soup_session_add_feature_by_type (session, ALCOVE_TYPE_WEBSOCKET_METER);
}

/**
 * alcove_websocket_meter_use_for:
 * @message: a message that soup_session_websocket_connect_async() has not been called for yet
 *
 * Meters the connection that comes of @message. A message over
 * %ALCOVE_WEBSOCKET_MAX_INCOMING, all its fragments together, ends it with
 * %SOUP_WEBSOCKET_CLOSE_TOO_BIG; more frames than the main loop has time for, or more pings
 * than a living server needs, with %ALCOVE_WEBSOCKET_METER_ERROR_TOO_FAST.
 */
void
alcove_websocket_meter_use_for (SoupMessage *message)
{
  /* This keeps it out of the request alone. */
  soup_message_disable_feature (message, ALCOVE_TYPE_WEBSOCKET_METER);
  g_signal_connect (message, "got-informational", G_CALLBACK (on_switching), NULL);
}
