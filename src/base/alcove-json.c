/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-json"

#include "config.h"

#include "alcove-json.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"

static gboolean
read_escape (const char *text,
             gsize length,
             gsize at,
             guint *unit)
{
  guint value = 0;

  if (at + 6 > length || text[at] != '\\' || text[at + 1] != 'u')
    return FALSE;

  for (gsize i = at + 2; i < at + 6; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return FALSE;
      value = value << 4 | (guint) g_ascii_xdigit_value (text[i]);
    }

  *unit = value;
  return TRUE;
}

/* Steps over one backslash sequence. json-glib takes half a surrogate pair and
 * hands out bytes that are no UTF-8, and cuts a text at \u0000; neither
 * may reach the widgets, other members of the room, or a comparison of ids. */
static gboolean
skip_escape (const char *text,
             gsize length,
             gsize *at)
{
  guint unit;
  guint low;

  if (*at + 1 >= length)
    return FALSE;

  if (text[*at + 1] != 'u')
    {
      *at += 2;
      return strchr ("\"\\/bfnrt", text[*at - 1]) != NULL;
    }

  if (!read_escape (text, length, *at, &unit) || unit == 0)
    return FALSE;
  *at += 6;

  if (unit < 0xd800 || unit > 0xdfff)
    return TRUE;

  if (unit > 0xdbff || !read_escape (text, length, *at, &low) || low < 0xdc00 || low > 0xdfff)
    return FALSE;
  *at += 6;
  return TRUE;
}

/* Steps over a text whose opening quote is at @at. */
static gboolean
skip_string (const char *text,
             gsize length,
             gsize *at)
{
  for ((*at)++; *at < length && text[*at] != '\0';)
    {
      if (text[*at] == '"')
        {
          (*at)++;
          return TRUE;
        }
      if (text[*at] != '\\')
        (*at)++;
      else if (!skip_escape (text, length, at))
        return FALSE;
    }

  return FALSE;
}

static gboolean
skip_digits (const char *text,
             gsize length,
             gsize *at)
{
  gsize start = *at;

  while (*at < length && g_ascii_isdigit (text[*at]))
    (*at)++;
  return *at > start;
}

static gboolean
skip_number (const char *text,
             gsize length,
             gsize *at)
{
  gsize first;

  if (text[*at] == '-')
    (*at)++;
  first = *at;
  if (!skip_digits (text, length, at) || (text[first] == '0' && *at > first + 1))
    return FALSE;

  if (*at < length && text[*at] == '.')
    {
      (*at)++;
      if (!skip_digits (text, length, at))
        return FALSE;
    }
  if (*at < length && (text[*at] == 'e' || text[*at] == 'E'))
    {
      (*at)++;
      if (*at < length && (text[*at] == '+' || text[*at] == '-'))
        (*at)++;
      return skip_digits (text, length, at);
    }

  return TRUE;
}

static gboolean
skip_word (const char *text,
           gsize length,
           gsize *at)
{
  static const char *const words[] = { "true", "false", "null" };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize size = strlen (words[i]);

      if (length - *at >= size && strncmp (text + *at, words[i], size) == 0)
        {
          *at += size;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
skip_scalar (const char *text,
             gsize length,
             gsize *at)
{
  if (text[*at] == '"')
    return skip_string (text, length, at);
  if (text[*at] == '-' || g_ascii_isdigit (text[*at]))
    return skip_number (text, length, at);
  return skip_word (text, length, at);
}

typedef enum {
  EXPECT_VALUE,
  EXPECT_VALUE_OR_END,
  EXPECT_NAME,
  EXPECT_NAME_OR_END,
  EXPECT_COLON,
  EXPECT_MORE_OR_END,
} Expect;

/* Judges the whole grammar before json-glib sees the text: it reads more than JSON (comments,
 * single quotes, several values), and 1.6 keeps what it has read so far for ever when it
 * comes to an error. A name of no letters is such an error to it. */
static gboolean
check_text (const char *text,
            gsize length,
            GError **error)
{
  char open[ALCOVE_JSON_MAX_DEPTH];
  Expect expect = EXPECT_VALUE;
  guint depth = 0;
  gboolean ended = FALSE;
  gsize i = 0;

  while (i < length)
    {
      char c = text[i];
      gboolean may_end = expect == EXPECT_VALUE_OR_END || expect == EXPECT_NAME_OR_END
                         || expect == EXPECT_MORE_OR_END;

      if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        {
          i++;
          continue;
        }
      if (ended)
        goto unreadable;

      if (may_end && depth > 0 && c == open[depth - 1])
        {
          depth--;
          expect = EXPECT_MORE_OR_END;
          i++;
        }
      else if (expect == EXPECT_MORE_OR_END)
        {
          if (c != ',')
            goto unreadable;
          expect = open[depth - 1] == '}' ? EXPECT_NAME : EXPECT_VALUE;
          i++;
        }
      else if (expect == EXPECT_COLON)
        {
          if (c != ':')
            goto unreadable;
          expect = EXPECT_VALUE;
          i++;
        }
      else if (expect == EXPECT_NAME || expect == EXPECT_NAME_OR_END)
        {
          gsize start = i;

          if (c != '"' || !skip_string (text, length, &i) || i == start + 2)
            goto unreadable;
          expect = EXPECT_COLON;
        }
      else if (c == '{' || c == '[')
        {
          if (depth == ALCOVE_JSON_MAX_DEPTH)
            {
              g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                                   _ ("A message was nested too deeply."));
              return FALSE;
            }
          open[depth++] = c == '{' ? '}' : ']';
          expect = c == '{' ? EXPECT_NAME_OR_END : EXPECT_VALUE_OR_END;
          i++;
        }
      else if (skip_scalar (text, length, &i))
        expect = EXPECT_MORE_OR_END;
      else
        goto unreadable;

      ended = depth == 0 && expect == EXPECT_MORE_OR_END;
    }

  if (ended)
    return TRUE;

unreadable:
  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
               _ ("A message could not be read at byte %zu."), i);
  return FALSE;
}

/* json-glib reads a number beyond a double's range as infinity, and would
 * write it again as something that is no JSON. The depth is bounded by now. */
static gboolean
is_finite (JsonNode *node)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      for (guint i = 0; i < json_array_get_length (array); i++)
        if (!is_finite (json_array_get_element (array, i)))
          return FALSE;
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode *member;

      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, NULL, &member))
        if (!is_finite (member))
          return FALSE;
    }
  else if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    return isfinite (json_node_get_double (node));

  return TRUE;
}

/**
 * alcove_json_parse:
 * @text: text from a stranger; need not be valid UTF-8
 * @length: its length in bytes, or -1 if it ends with a zero byte
 * @max_length: the most bytes to accept
 * @error: return location for an error
 *
 * Parses text that came from the network, a file or a person. Length,
 * encoding and depth are checked before the parser sees it, and what json-glib
 * takes beyond JSON (comments, single quotes, half surrogate pairs, several values) is refused, so
 * that whatever comes out is valid UTF-8 and can be written again.
 *
 * Errors: %ALCOVE_ERROR_TOO_LARGE, %ALCOVE_ERROR_MALFORMED.
 *
 * Returns: (transfer full): the root node, or %NULL
 */
JsonNode *
alcove_json_parse (const char *text,
                   gssize length,
                   gsize max_length,
                   GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local_error = NULL;
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  JsonNode *root;

  if (size > max_length)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE,
                   _ ("A message of %zu bytes was over the limit."), size);
      return NULL;
    }

  if (!g_utf8_validate_len (text, size, NULL))
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                           _ ("A message was not valid text."));
      return NULL;
    }

  if (!check_text (text, size, error))
    return NULL;

  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize) size, &local_error))
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                   _ ("A message could not be read: %s"), local_error->message);
      return NULL;
    }

  root = json_parser_steal_root (parser);
  if (root == NULL)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED, _ ("A message was empty."));
      return NULL;
    }

  if (!is_finite (root))
    {
      json_node_unref (root);
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                           _ ("A message held a number that is too large."));
      return NULL;
    }

  return root;
}

/* json-glib marks each double that has no point with ".0", behind an exponent too. */
static void
mend_numbers (char *text)
{
  char *to = text;
  gboolean in_string = FALSE;
  gboolean has_exponent = FALSE;

  for (const char *from = text; *from != '\0'; from++)
    {
      if (in_string && *from == '\\')
        *to++ = *from++;
      else if (*from == '"')
        in_string = !in_string;
      else if (!in_string && strchr ("0123456789+-.eE", *from) == NULL)
        has_exponent = FALSE;
      else if (!in_string && (*from == 'e' || *from == 'E'))
        has_exponent = from > text && g_ascii_isdigit (from[-1]);
      else if (!in_string && has_exponent && g_str_has_prefix (from, ".0"))
        {
          from++;
          continue;
        }
      *to++ = *from;
    }
  *to = '\0';
}

/**
 * alcove_json_to_text:
 * @node: a node
 *
 * Returns: (transfer full): @node as compact JSON
 */
char *
alcove_json_to_text (JsonNode *node)
{
  char *text = json_to_string (node, FALSE);

  mend_numbers (text);
  return text;
}

static gboolean
fail_member (const char *member,
             GError **error)
{
  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
               _ ("A message had no usable “%s”."), member);
  return FALSE;
}

/**
 * alcove_json_get_string:
 * @object: an object
 * @member: the name of a member
 * @max_length: the most bytes to accept
 * @value: (out) (transfer none): the text, owned by @object
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED if it is missing, not a text, or too long.
 *
 * Returns: whether @value was set
 */
gboolean
alcove_json_get_string (JsonObject *object,
                        const char *member,
                        gsize max_length,
                        const char **value,
                        GError **error)
{
  JsonNode *node = json_object_get_member (object, member);
  const char *text;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING)
    return fail_member (member, error);

  text = json_node_get_string (node);
  if (text == NULL || strlen (text) > max_length)
    return fail_member (member, error);

  *value = text;
  return TRUE;
}

/**
 * alcove_json_get_int:
 * @object: an object
 * @member: the name of a member
 * @minimum: the least value to accept
 * @maximum: the greatest value to accept
 * @value: (out): the number
 * @error: return location for an error
 *
 * Reads a whole number. A number with a zero fraction and a text of decimal
 * digits are taken too, since foreign servers and pages send both.
 *
 * Errors: %ALCOVE_ERROR_MALFORMED if it is missing, no whole number, or out of range.
 *
 * Returns: whether @value was set
 */
gboolean
alcove_json_get_int (JsonObject *object,
                     const char *member,
                     gint64 minimum,
                     gint64 maximum,
                     gint64 *value,
                     GError **error)
{
  JsonNode *node = json_object_get_member (object, member);
  GType type;
  gint64 number;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return fail_member (member, error);

  type = json_node_get_value_type (node);
  if (type == G_TYPE_INT64)
    number = json_node_get_int (node);
  else if (type == G_TYPE_DOUBLE)
    {
      double real = json_node_get_double (node);

      /* 2^63 is the first double beyond the range, which no cast may see */
      if (!(real >= (double) minimum && real <= (double) maximum && real < 0x1p63)
          || real != (double) (gint64) real)
        return fail_member (member, error);
      number = (gint64) real;
    }
  else if (type == G_TYPE_STRING)
    {
      if (!g_ascii_string_to_signed (json_node_get_string (node), 10, minimum, maximum, &number,
                                     NULL))
        return fail_member (member, error);
    }
  else
    return fail_member (member, error);

  if (number < minimum || number > maximum)
    return fail_member (member, error);

  *value = number;
  return TRUE;
}

/**
 * alcove_json_get_boolean:
 * @object: an object
 * @member: the name of a member
 * @value: (out): the truth
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED if it is missing or no boolean.
 *
 * Returns: whether @value was set
 */
gboolean
alcove_json_get_boolean (JsonObject *object,
                         const char *member,
                         gboolean *value,
                         GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return fail_member (member, error);

  *value = json_node_get_boolean (node);
  return TRUE;
}

/**
 * alcove_json_get_object:
 * @object: an object
 * @member: the name of a member
 * @value: (out) (transfer none): the inner object, owned by @object
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED if it is missing or no object.
 *
 * Returns: whether @value was set
 */
gboolean
alcove_json_get_object (JsonObject *object,
                        const char *member,
                        JsonObject **value,
                        GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return fail_member (member, error);

  *value = json_node_get_object (node);
  return TRUE;
}

/**
 * alcove_json_get_array:
 * @object: an object
 * @member: the name of a member
 * @max_elements: the most elements to accept
 * @value: (out) (transfer none): the array, owned by @object
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED if it is missing, no array, or too long.
 *
 * Returns: whether @value was set
 */
gboolean
alcove_json_get_array (JsonObject *object,
                       const char *member,
                       guint max_elements,
                       JsonArray **value,
                       GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node)
      || json_array_get_length (json_node_get_array (node)) > max_elements)
    return fail_member (member, error);

  *value = json_node_get_array (node);
  return TRUE;
}

/**
 * alcove_json_node_get_object:
 * @node: a node
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED if @node is no object.
 *
 * Returns: (transfer none) (nullable): the object, owned by @node
 */
JsonObject *
alcove_json_node_get_object (JsonNode *node,
                             GError **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);

  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                       _ ("A message was not an object."));
  return NULL;
}

/**
 * alcove_json_has_value:
 * @object: an object
 * @member: the name of a member
 *
 * Returns: whether @member is there, and not null
 */
gboolean
alcove_json_has_value (JsonObject *object,
                       const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && !JSON_NODE_HOLDS_NULL (node);
}

/**
 * alcove_json_dup_text:
 * @object: an object
 * @member: the name of a member
 * @max_length: the most bytes to accept
 * @value: (out) (transfer full): the text
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED if it is missing, not a text, empty, or too long.
 *
 * Returns: whether @value was set
 */
gboolean
alcove_json_dup_text (JsonObject *object,
                      const char *member,
                      gsize max_length,
                      char **value,
                      GError **error)
{
  const char *text;

  if (!alcove_json_get_string (object, member, max_length, &text, error))
    return FALSE;
  if (*text == '\0')
    return fail_member (member, error);

  *value = g_strdup (text);
  return TRUE;
}

/**
 * alcove_json_copy_members:
 * @object: an object of ours
 * @from: (nullable): a node with an object
 *
 * Adds those members of @from, in their order, that @object does not have: what
 * nobody here knows, and goes on all the same.
 */
void
alcove_json_copy_members (JsonObject *object,
                          JsonNode *from)
{
  JsonObjectIter iter;
  const char *member;
  JsonNode *node;

  if (from == NULL || !JSON_NODE_HOLDS_OBJECT (from))
    return;

  json_object_iter_init_ordered (&iter, json_node_get_object (from));
  while (json_object_iter_next_ordered (&iter, &member, &node))
    if (!json_object_has_member (object, member))
      json_object_set_member (object, member, json_node_copy (node));
}
