/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-data-url"

#include "config.h"

#include "alcove-data-url.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"

/* Data URLs (RFC 2397) of base64, read and written piece by piece, so that no more than a
 * piece of a file is ever held. */

#define SCHEME "data:"
#define ENCODING ";base64"
#define DEFAULT_TYPE "application/octet-stream"

struct _AlcoveDataUrlWriter {
  GString *ready; /* text that nobody took yet */
  guint8 rest[3]; /* bytes that make no group of three yet */
  gsize n_rest;
  guint64 missing; /* bytes */
  guint64 total;   /* characters */
  guint64 taken;   /* characters */
};

struct _AlcoveDataUrlReader {
  GString *header;
  gboolean in_body;
  guint n_padding;
  guint64 n_characters; /* of the body, padding included */
  guint64 left;         /* bytes that may still come */
  int state;
  guint save;
};

/**
 * alcove_data_url_writer_new:
 * @media_type: (nullable): such as `text/plain`
 * @size: how many bytes there will be
 *
 * Returns: (transfer full): a writer
 */
AlcoveDataUrlWriter *
alcove_data_url_writer_new (const char *media_type,
                            guint64 size)
{
  AlcoveDataUrlWriter *self = g_new0 (AlcoveDataUrlWriter, 1);
  const char *type = DEFAULT_TYPE;

  if (media_type != NULL && *media_type != '\0' && strchr (media_type, ',') == NULL
      && strlen (media_type) < ALCOVE_DATA_URL_MAX_HEADER / 2)
    type = media_type;

  self->ready = g_string_new (SCHEME);
  g_string_append (self->ready, type);
  g_string_append (self->ready, ENCODING ",");
  self->missing = size;
  self->total = self->ready->len + (size / 3 + (size % 3 > 0 ? 1 : 0)) * 4;
  return self;
}

/**
 * alcove_data_url_writer_free:
 * @self: (nullable) (transfer full): a writer
 */
void
alcove_data_url_writer_free (AlcoveDataUrlWriter *self)
{
  if (self == NULL)
    return;

  g_string_free (self->ready, TRUE);
  g_free (self);
}

/**
 * alcove_data_url_writer_get_missing:
 * @self: a writer
 *
 * Returns: how many bytes are still to be fed
 */
guint64
alcove_data_url_writer_get_missing (AlcoveDataUrlWriter *self)
{
  return self->missing;
}

/**
 * alcove_data_url_writer_get_ready:
 * @self: a writer
 *
 * Returns: how many characters wait to be taken
 */
gsize
alcove_data_url_writer_get_ready (AlcoveDataUrlWriter *self)
{
  return self->ready->len;
}

static void
append (AlcoveDataUrlWriter *self,
        const guint8 *bytes,
        gsize length)
{
  g_autofree char *text = length > 0 ? g_base64_encode (bytes, length) : NULL;

  if (text != NULL)
    g_string_append (self->ready, text);
}

/**
 * alcove_data_url_writer_feed:
 * @self: a writer
 * @bytes: the next bytes
 * @length: how many; those over the size are left out
 */
void
alcove_data_url_writer_feed (AlcoveDataUrlWriter *self,
                             const guint8 *bytes,
                             gsize length)
{
  gsize whole;

  length = (gsize) MIN ((guint64) length, self->missing);
  self->missing -= length;

  while (length > 0 && self->n_rest > 0 && self->n_rest < 3)
    {
      self->rest[self->n_rest++] = *bytes++;
      length--;
    }
  if (self->n_rest == 3)
    {
      append (self, self->rest, 3);
      self->n_rest = 0;
    }

  whole = length - length % 3;
  append (self, bytes, whole);
  for (gsize i = whole; i < length; i++)
    self->rest[self->n_rest++] = bytes[i];

  if (self->missing == 0)
    {
      append (self, self->rest, self->n_rest);
      self->n_rest = 0;
    }
}

/**
 * alcove_data_url_writer_take:
 * @self: a writer
 * @length: characters of a piece
 * @last: (out): whether the URL ends with this piece
 * @percent: (out): how much of the URL is taken with this piece
 *
 * Returns: (transfer full) (nullable): the next piece, which is shorter than @length only at
 *   the end; %NULL if more has to be fed first, or all is taken
 */
char *
alcove_data_url_writer_take (AlcoveDataUrlWriter *self,
                             gsize length,
                             gboolean *last,
                             double *percent)
{
  gsize size = MIN (length, self->ready->len);
  char *piece;

  if (size == 0 || (size < length && self->missing > 0))
    return NULL;

  piece = g_strndup (self->ready->str, size);
  g_string_erase (self->ready, 0, (gssize) size);
  self->taken += size;
  *last = self->taken == self->total;
  *percent = 100.0 * (double) self->taken / (double) self->total;
  return piece;
}

/**
 * alcove_data_url_reader_new:
 * @size: how many bytes there must be
 *
 * Returns: (transfer full): a reader
 */
AlcoveDataUrlReader *
alcove_data_url_reader_new (guint64 size)
{
  AlcoveDataUrlReader *self = g_new0 (AlcoveDataUrlReader, 1);

  self->header = g_string_new (NULL);
  self->left = size;
  return self;
}

/**
 * alcove_data_url_reader_free:
 * @self: (nullable) (transfer full): a reader
 */
void
alcove_data_url_reader_free (AlcoveDataUrlReader *self)
{
  if (self == NULL)
    return;

  g_string_free (self->header, TRUE);
  g_free (self);
}

static gboolean
fail_unreadable (GError **error)
{
  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                       _ ("The file came in a form that can't be read."));
  return FALSE;
}

/* Returns how much of @text was the header. */
static gboolean
read_header (AlcoveDataUrlReader *self,
             const char **text,
             GError **error)
{
  gsize length = strcspn (*text, ",");

  if (self->header->len + length > ALCOVE_DATA_URL_MAX_HEADER)
    return fail_unreadable (error);

  g_string_append_len (self->header, *text, (gssize) length);
  *text += length;
  if (**text == '\0')
    return TRUE;

  (*text)++;
  self->in_body = TRUE;
  if (g_ascii_strncasecmp (self->header->str, SCHEME, strlen (SCHEME)) != 0
      || self->header->len < strlen (ENCODING)
      || g_ascii_strcasecmp (self->header->str + self->header->len - strlen (ENCODING), ENCODING)
             != 0)
    return fail_unreadable (error);
  return TRUE;
}

/* g_base64_decode_step() passes over what it does not know; from a stranger that would be
 * a way to send for ever. */
static gboolean
check_body (AlcoveDataUrlReader *self,
            const char *text,
            GError **error)
{
  for (const char *at = text; *at != '\0'; at++)
    {
      self->n_characters++;
      if (*at == '=')
        self->n_padding++;
      else if (self->n_padding > 0 || !(g_ascii_isalnum (*at) || *at == '+' || *at == '/'))
        return fail_unreadable (error);
    }
  return self->n_padding <= 2 || fail_unreadable (error);
}

/**
 * alcove_data_url_reader_feed:
 * @self: a reader
 * @text: the next piece, from a stranger
 * @bytes: what it holds is appended to it
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED; %ALCOVE_ERROR_TOO_LARGE if there is more than was
 * announced. The reader can't be used any more then.
 *
 * Returns: whether it could be read
 */
gboolean
alcove_data_url_reader_feed (AlcoveDataUrlReader *self,
                             const char *text,
                             GByteArray *bytes,
                             GError **error)
{
  gsize length;
  gsize before = bytes->len;
  gsize decoded;

  if (!self->in_body && !read_header (self, &text, error))
    return FALSE;
  if (!self->in_body || *text == '\0')
    return TRUE;
  if (!check_body (self, text, error))
    return FALSE;

  length = strlen (text);
  g_byte_array_set_size (bytes, (guint) (before + (length / 4) * 3 + 6));
  decoded = g_base64_decode_step (text, length, bytes->data + before, &self->state, &self->save);
  g_byte_array_set_size (bytes, (guint) (before + decoded));

  if (decoded > self->left)
    {
      g_byte_array_set_size (bytes, (guint) before);
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE,
                           _ ("The file is larger than was announced."));
      return FALSE;
    }

  self->left -= decoded;
  return TRUE;
}

/**
 * alcove_data_url_reader_finish:
 * @self: a reader that was fed the last piece
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED, also if something is missing.
 *
 * Returns: whether everything came
 */
gboolean
alcove_data_url_reader_finish (AlcoveDataUrlReader *self,
                               GError **error)
{
  /* Some browsers make no more than this of an empty file. */
  gboolean empty = !self->in_body && g_str_equal (self->header->str, SCHEME);

  if (self->left > 0)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                           _ ("The file is not complete."));
      return FALSE;
    }
  if ((!self->in_body && !empty) || self->n_characters % 4 != 0)
    return fail_unreadable (error);
  return TRUE;
}
