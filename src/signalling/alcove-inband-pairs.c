/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-inband-pairs"

#include "config.h"

#include "alcove-inband-pairs.h"

#include "alcove-json.h"

/*
 * How an Alcove sees the others, as it tells them. A figure that is missing, of another type or
 * beyond all sense is not known.
 */

#define MAX_AGE_MS (G_GINT64_CONSTANT (366) * 24 * 3600 * 1000)
#define MAX_FPS 1000
#define MAX_LOSS 1000
#define MAX_RTT_MS (10 * 60 * 1000)

static void
write_figure (JsonObject *object,
              const char *member,
              gint64 value,
              gint64 maximum)
{
  if (value >= 0)
    json_object_set_int_member (object, member, MIN (value, maximum));
}

static JsonObject *
write_pair (const AlcovePair *pair)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", pair->id);
  if (pair->you)
    json_object_set_boolean_member (object, "you", TRUE);
  json_object_set_string_member (object, "state", alcove_pair_state_to_text (pair->state));
  write_figure (object, "age", pair->frame_age_ms, MAX_AGE_MS);
  write_figure (object, "fps", pair->fps, MAX_FPS);
  write_figure (object, "loss", pair->loss, MAX_LOSS);
  write_figure (object, "rtt", pair->rtt_ms, MAX_RTT_MS);
  return object;
}

/**
 * alcove_inband_pairs_write:
 * @object: a message under way
 * @pairs: (element-type AlcovePair): how we see the others
 * @n_pairs: how many of them fit
 */
void
alcove_inband_pairs_write (JsonObject *object,
                           GPtrArray *pairs,
                           guint n_pairs)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < MIN (n_pairs, pairs->len); i++)
    json_array_add_object_element (array, write_pair (pairs->pdata[i]));
  json_object_set_array_member (object, "pairs", array);
}

static AlcovePair *
read_pair (JsonNode *node)
{
  JsonObject *object = alcove_json_node_get_object (node, NULL);
  const char *text = NULL;
  AlcovePair *pair;

  if (object == NULL || !alcove_json_get_string (object, "id", ALCOVE_PAIR_MAX_ID, &text, NULL)
      || *text == '\0')
    return NULL;

  pair = alcove_pair_new (text);
  alcove_json_get_boolean (object, "you", &pair->you, NULL);
  if (alcove_json_get_string (object, "state", 32, &text, NULL))
    pair->state = alcove_pair_state_parse (text);
  alcove_json_get_int (object, "age", 0, MAX_AGE_MS, &pair->frame_age_ms, NULL);
  alcove_json_get_int (object, "fps", 0, MAX_FPS, &pair->fps, NULL);
  alcove_json_get_int (object, "loss", 0, MAX_LOSS, &pair->loss, NULL);
  alcove_json_get_int (object, "rtt", 0, MAX_RTT_MS, &pair->rtt_ms, NULL);
  return pair;
}

/**
 * alcove_inband_pairs_read:
 * @object: a message
 * @error: return location for an error
 *
 * Errors: %ALCOVE_ERROR_MALFORMED, and %ALCOVE_ERROR_TOO_LARGE for more than %ALCOVE_PAIR_MAX.
 *
 * Returns: (transfer full) (nullable) (element-type AlcovePair): the pairs that can be read
 */
GPtrArray *
alcove_inband_pairs_read (JsonObject *object,
                          GError **error)
{
  g_autoptr (GPtrArray) pairs = alcove_pair_new_list ();
  JsonArray *array = NULL;

  if (!alcove_json_get_array (object, "pairs", ALCOVE_PAIR_MAX, &array, error))
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      AlcovePair *pair = read_pair (json_array_get_element (array, i));

      if (pair != NULL)
        g_ptr_array_add (pairs, pair);
    }

  return g_steal_pointer (&pairs);
}
