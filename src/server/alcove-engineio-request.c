/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-engineio-request"

#include "config.h"

#include "alcove-engineio-request.h"

#include <string.h>
#include <sys/socket.h>

#define BODY_KEY "alcove-engineio-body"
/* Who is over the bound is read on for a while, since an answer can only be seen by one that
 * has come to its end; but no longer than for this many times the bound. */
#define MAX_OVERRUN 4
/* Seconds for which a browser need not ask again whether it may. */
#define PREFLIGHT_AGE "600"

/**
 * alcove_engineio_respond:
 * @msg: a request
 * @status: the HTTP status
 * @text: the body
 */
void
alcove_engineio_respond (SoupServerMessage *msg,
                         guint status,
                         const char *text)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);

  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_server_message_set_status (msg, status, NULL);
  soup_server_message_set_response (msg, "text/plain; charset=UTF-8", SOUP_MEMORY_COPY, text,
                                    strlen (text));
}

/**
 * alcove_engineio_respond_fault:
 * @msg: a request
 * @fault: what is wrong with it
 *
 * Answers as engine.io does, by status 400 and a few words in JSON.
 */
void
alcove_engineio_respond_fault (SoupServerMessage *msg,
                               AlcoveEngineioFault fault)
{
  const char *const texts[] = {
    [ALCOVE_ENGINEIO_FAULT_TRANSPORT] = "{\"code\":0,\"message\":\"Transport unknown\"}",
    [ALCOVE_ENGINEIO_FAULT_SESSION] = "{\"code\":1,\"message\":\"Session ID unknown\"}",
    [ALCOVE_ENGINEIO_FAULT_METHOD] = "{\"code\":2,\"message\":\"Bad handshake method\"}",
    [ALCOVE_ENGINEIO_FAULT_REQUEST] = "{\"code\":3,\"message\":\"Bad request\"}",
  };

  alcove_engineio_respond (msg, SOUP_STATUS_BAD_REQUEST, texts[fault]);
}

/**
 * alcove_engineio_add_cors:
 * @msg: a request of somebody who may make it
 *
 * Lets a page from elsewhere read the answer, which polling needs, with credentials, because
 * old versions of the library ask for them. Answers the question of a browser whether
 * it may.
 *
 * Returns: whether it was that question, and is answered
 */
gboolean
alcove_engineio_add_cors (SoupServerMessage *msg)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (msg);
  SoupMessageHeaders *response = soup_server_message_get_response_headers (msg);
  const char *origin = soup_message_headers_get_one (request, "Origin");
  const char *asked = soup_message_headers_get_one (request, "Access-Control-Request-Headers");

  soup_message_headers_append (response, "Vary", "Origin");
  if (origin != NULL)
    {
      soup_message_headers_replace (response, "Access-Control-Allow-Origin", origin);
      soup_message_headers_replace (response, "Access-Control-Allow-Credentials", "true");
    }

  if (!g_str_equal (soup_server_message_get_method (msg), SOUP_METHOD_OPTIONS))
    return FALSE;

  soup_message_headers_replace (response, "Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  soup_message_headers_replace (response, "Access-Control-Allow-Headers",
                                asked != NULL ? asked : "Content-Type");
  soup_message_headers_replace (response, "Access-Control-Max-Age", PREFLIGHT_AGE);
  soup_server_message_set_status (msg, SOUP_STATUS_NO_CONTENT, NULL);
  return TRUE;
}

/**
 * alcove_engineio_get_version:
 * @query: (nullable): the query of a request
 *
 * Returns: the version of Engine.IO that is asked for: 4, or 3 for anything else
 */
guint
alcove_engineio_get_version (GHashTable *query)
{
  const char *version = query != NULL ? g_hash_table_lookup (query, "EIO") : NULL;

  return g_strcmp0 (version, "4") == 0 ? 4 : 3;
}

/**
 * alcove_engineio_is_gone:
 * @socket: what a request came over that is not answered yet
 *
 * Nobody reads from it meanwhile, so nobody sees its end.
 *
 * Returns: whether the far end has closed it
 */
gboolean
alcove_engineio_is_gone (GSocket *socket)
{
  char byte;

  if (g_socket_is_closed (socket))
    return TRUE;
  if ((g_socket_condition_check (socket, G_IO_IN | G_IO_HUP | G_IO_ERR)
       & (G_IO_HUP | G_IO_ERR)) != 0)
    return TRUE;
  if ((g_socket_condition_check (socket, G_IO_IN) & G_IO_IN) == 0)
    return FALSE;

  return recv (g_socket_get_fd (socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

static void
body_free (gpointer data)
{
  AlcoveEngineioBody *body = data;

  g_byte_array_unref (body->bytes);
  g_object_unref (body->socket);
  g_free (body);
}

static void
on_got_chunk (SoupServerMessage *msg,
              GBytes *chunk,
              gpointer user_data)
{
  AlcoveEngineioBody *body = user_data;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (chunk, &size);

  body->n_bytes += size;
  if (body->n_bytes <= body->max)
    g_byte_array_append (body->bytes, bytes, size);
  else
    g_byte_array_set_size (body->bytes, 0);

  if (body->n_bytes / MAX_OVERRUN > body->max)
    g_socket_shutdown (body->socket, TRUE, TRUE, NULL);
}

/**
 * alcove_engineio_collect_body:
 * @msg: a request whose headers have come
 * @socket: what it comes over
 * @max: the most bytes that are kept
 *
 * Keeps its body, within the bound; libsoup would keep anything.
 */
void
alcove_engineio_collect_body (SoupServerMessage *msg,
                              GSocket *socket,
                              gsize max)
{
  AlcoveEngineioBody *body = g_new0 (AlcoveEngineioBody, 1);

  body->bytes = g_byte_array_new ();
  body->max = max;
  body->socket = g_object_ref (socket);
  g_object_set_data_full (G_OBJECT (msg), BODY_KEY, body, body_free);
  g_signal_connect (msg, "got-chunk", G_CALLBACK (on_got_chunk), body);
}

/**
 * alcove_engineio_get_body:
 * @msg: a request
 *
 * Returns: (transfer none) (nullable): its body, if that is kept
 */
AlcoveEngineioBody *
alcove_engineio_get_body (SoupServerMessage *msg)
{
  return g_object_get_data (G_OBJECT (msg), BODY_KEY);
}
