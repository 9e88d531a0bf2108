/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-engineio-codec"

#include "config.h"

#include "alcove-engineio-codec.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-json.h"

/*
 * Engine.IO, protocols 3 and 4. A packet is a digit and its data. Over a WebSocket
 * it is one message; in a polling request several are joined to a payload: in
 * protocol 3 each with its length in UTF-16 units in front, in protocol 4 with
 * a separator in between. Protocol 3 knows a second, binary framing, in which the Go
 * server answers every poll. Binary packets are skipped: nothing of ours uses them.
 */

#define SEPARATOR '\x1e'
/* digits in a length; ten gigabytes is no message */
#define MAX_LENGTH_DIGITS 10
#define BINARY_STRING 0
#define BINARY_BUFFER 1
#define BINARY_LENGTH_END 255
#define BINARY_PREFIX 'b'

static gboolean
set_malformed (GError **error)
{
  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                       _ ("A message was not one of Engine.IO."));
  return FALSE;
}

/**
 * alcove_engineio_packet_parse:
 * @text: one packet
 * @type: (out): what it is
 * @data: (out): what follows the digit, within @text
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: whether it is a packet
 */
gboolean
alcove_engineio_packet_parse (const char *text,
                              AlcoveEngineioType *type,
                              const char **data,
                              GError **error)
{
  if (*text < '0' || *text > '0' + ALCOVE_ENGINEIO_NOOP)
    return set_malformed (error);

  *type = (AlcoveEngineioType) (*text - '0');
  *data = text + 1;
  return TRUE;
}

/**
 * alcove_engineio_packet_format:
 * @type: what it is
 * @data: (nullable): its data
 *
 * Returns: (transfer full): the packet
 */
char *
alcove_engineio_packet_format (AlcoveEngineioType type,
                               const char *data)
{
  return g_strdup_printf ("%d%s", (int) type, data != NULL ? data : "");
}

static gboolean
read_milliseconds (JsonObject *object,
                   const char *member,
                   guint *value,
                   GError **error)
{
  gint64 number;

  if (!alcove_json_get_int (object, member, 1, G_MAXINT32, &number, error))
    return FALSE;

  *value = (guint) MIN (number, ALCOVE_ENGINEIO_MAX_INTERVAL_MS);
  return TRUE;
}

/**
 * alcove_engineio_handshake_parse:
 * @data: the data of an open packet; the Go server ends it with a new line
 * @handshake: (out): what is in it; clear it afterwards
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED, %ALCOVE_ERROR_TOO_LARGE.
 *
 * Returns: whether it could be read
 */
gboolean
alcove_engineio_handshake_parse (const char *data,
                                 AlcoveEngineioHandshake *handshake,
                                 GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  JsonArray *upgrades;
  JsonObject *object;
  const char *sid;
  gint64 number;

  memset (handshake, 0, sizeof *handshake);

  root = alcove_json_parse (data, -1, ALCOVE_ENGINEIO_MAX_HANDSHAKE, error);
  if (root == NULL)
    return FALSE;
  object = alcove_json_node_get_object (root, error);
  if (object == NULL
      || !alcove_json_get_string (object, "sid", ALCOVE_ENGINEIO_MAX_SID, &sid, error)
      || !read_milliseconds (object, "pingInterval", &handshake->ping_interval, error)
      || !read_milliseconds (object, "pingTimeout", &handshake->ping_timeout, error))
    return FALSE;
  if (*sid == '\0')
    return set_malformed (error);

  if (alcove_json_get_array (object, "upgrades", ALCOVE_ENGINEIO_MAX_PACKETS, &upgrades, NULL))
    for (guint i = 0; i < json_array_get_length (upgrades); i++)
      {
        JsonNode *node = json_array_get_element (upgrades, i);

        if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
            && g_str_equal (json_node_get_string (node), "websocket"))
          handshake->websocket = TRUE;
      }

  if (alcove_json_get_int (object, "maxPayload", 0, G_MAXINT64, &number, NULL))
    handshake->max_payload = (guint64) number;

  handshake->sid = g_strdup (sid);
  return TRUE;
}

/**
 * alcove_engineio_handshake_format:
 * @handshake: what is to be in it
 *
 * Returns: (transfer full): the whole open packet
 */
char *
alcove_engineio_handshake_format (const AlcoveEngineioHandshake *handshake)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  JsonArray *upgrades = json_array_new ();

  if (handshake->websocket)
    json_array_add_string_element (upgrades, "websocket");
  json_object_set_string_member (object, "sid", handshake->sid);
  json_object_set_array_member (object, "upgrades", upgrades);
  json_object_set_int_member (object, "pingInterval", handshake->ping_interval);
  json_object_set_int_member (object, "pingTimeout", handshake->ping_timeout);
  if (handshake->max_payload > 0)
    json_object_set_int_member (object, "maxPayload", (gint64) handshake->max_payload);
  json_node_set_object (node, object);
  text = alcove_json_to_text (node);
  return alcove_engineio_packet_format (ALCOVE_ENGINEIO_OPEN, text);
}

/**
 * alcove_engineio_handshake_clear:
 * @handshake: a handshake
 *
 * Frees what is in it.
 */
void
alcove_engineio_handshake_clear (AlcoveEngineioHandshake *handshake)
{
  g_clear_pointer (&handshake->sid, g_free);
}

/* Binary packets are dropped here. */
static gboolean
add_packet (GPtrArray *packets,
            const char *bytes,
            gsize length,
            GError **error)
{
  if (packets->len >= ALCOVE_ENGINEIO_MAX_PACKETS)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_MANY,
                           _ ("Too many messages came at once."));
      return FALSE;
    }
  if (length == 0 || !g_utf8_validate_len (bytes, length, NULL))
    return set_malformed (error);

  if (*bytes != BINARY_PREFIX)
    g_ptr_array_add (packets, g_strndup (bytes, length));
  return TRUE;
}

/* How many bytes the next @units UTF-16 units take; -1 if there are not so many. */
static gssize
units_to_bytes (const char *bytes,
                gsize length,
                guint64 units)
{
  gsize at = 0;

  while (units > 0)
    {
      guint8 lead = at < length ? (guint8) bytes[at] : 0x80;
      guint size;

      if (lead < 0x80)
        size = 1;
      else if (lead >= 0xf0)
        size = 4;
      else if (lead >= 0xe0)
        size = 3;
      else if (lead >= 0xc0)
        size = 2;
      else
        return -1;

      if (size > length - at || (size == 4 && units < 2))
        return -1;
      units -= size == 4 ? 2 : 1;
      at += size;
    }

  return (gssize) at;
}

static gboolean
decode_counted (GPtrArray *packets,
                const char *bytes,
                gsize length,
                gboolean in_units,
                GError **error)
{
  while (length > 0)
    {
      guint64 count = 0;
      gsize digits = 0;
      gssize size;

      while (digits < length && g_ascii_isdigit (bytes[digits]) && digits < MAX_LENGTH_DIGITS)
        count = count * 10 + (guint64) (bytes[digits++] - '0');
      if (digits == 0 || digits >= length || bytes[digits] != ':')
        return set_malformed (error);

      bytes += digits + 1;
      length -= digits + 1;
      if (in_units)
        size = units_to_bytes (bytes, length, count);
      else
        size = count <= length ? (gssize) count : -1;
      if (size < 0)
        return set_malformed (error);
      if (!add_packet (packets, bytes, (gsize) size, error))
        return FALSE;
      bytes += size;
      length -= (gsize) size;
    }

  return TRUE;
}

static gboolean
decode_binary (GPtrArray *packets,
               const char *bytes,
               gsize length,
               GError **error)
{
  while (length > 0)
    {
      guint8 kind = (guint8) *bytes;
      guint64 count = 0;
      gsize at = 1;

      while (at < length && (guint8) bytes[at] <= 9 && at <= MAX_LENGTH_DIGITS)
        count = count * 10 + (guint8) bytes[at++];
      if (kind > BINARY_BUFFER || at == 1 || at >= length || (guint8) bytes[at] != BINARY_LENGTH_END)
        return set_malformed (error);

      at++;
      if (count > length - at)
        return set_malformed (error);
      if (kind == BINARY_STRING && !add_packet (packets, bytes + at, count, error))
        return FALSE;
      bytes += at + count;
      length -= at + count;
    }

  return TRUE;
}

static gboolean
decode_separated (GPtrArray *packets,
                  const char *bytes,
                  gsize length,
                  GError **error)
{
  while (length > 0)
    {
      const char *end = memchr (bytes, SEPARATOR, length);
      gsize size = end != NULL ? (gsize) (end - bytes) : length;

      if (!add_packet (packets, bytes, size, error))
        return FALSE;
      if (end == NULL)
        return TRUE;
      bytes += size + 1;
      length -= size + 1;
    }

  return TRUE;
}

/**
 * alcove_engineio_payload_decode:
 * @bytes: the body of a polling request or of its response; anything at all
 * @length: how many bytes
 * @version: the protocol, 3 or 4
 * @error: return location for an error
 *
 * Takes a payload apart. In protocol 3 both framings are understood, and lengths
 * that some servers give in bytes rather than in UTF-16 units. Binary
 * packets are left out.
 *
 * Errors: %ALCOVE_ERROR_MALFORMED, %ALCOVE_ERROR_TOO_MANY.
 *
 * Returns: (transfer full) (element-type utf8): the packets, or %NULL
 */
GPtrArray *
alcove_engineio_payload_decode (const char *bytes,
                                gsize length,
                                guint version,
                                GError **error)
{
  g_autoptr (GPtrArray) packets = g_ptr_array_new_with_free_func (g_free);
  gboolean good;

  if (length == 0)
    {
      set_malformed (error);
      return NULL;
    }

  if (version >= 4)
    good = decode_separated (packets, bytes, length, error);
  else if ((guint8) *bytes <= BINARY_BUFFER)
    good = decode_binary (packets, bytes, length, error);
  else
    {
      good = decode_counted (packets, bytes, length, TRUE, NULL);
      if (!good)
        {
          g_ptr_array_set_size (packets, 0);
          good = decode_counted (packets, bytes, length, FALSE, error);
        }
    }

  return good ? g_steal_pointer (&packets) : NULL;
}

static gsize
count_units (const char *text)
{
  gsize units = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    units += (guint8) *text >= 0xf0 ? 2 : 1;

  return units;
}

/**
 * alcove_engineio_payload_encode:
 * @packets: (array length=n_packets): the packets, valid UTF-8
 * @n_packets: how many
 * @version: the protocol, 3 or 4
 *
 * Returns: (transfer full): the payload, in the text framing of the protocol
 */
char *
alcove_engineio_payload_encode (const char *const *packets,
                                gsize n_packets,
                                guint version)
{
  GString *payload = g_string_new (NULL);

  for (gsize i = 0; i < n_packets; i++)
    if (version >= 4)
      {
        if (i > 0)
          g_string_append_c (payload, SEPARATOR);
        g_string_append (payload, packets[i]);
      }
    else
      g_string_append_printf (payload, "%" G_GSIZE_FORMAT ":%s", count_units (packets[i]),
                              packets[i]);

  return g_string_free (payload, FALSE);
}
