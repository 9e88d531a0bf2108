/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* json-glib's parser calls itself for each level: a few hundred kilobytes of
 * "[[[[…" from a stranger would exhaust the stack, so depth is bounded before
 * it sees the text. */
#define ALCOVE_JSON_MAX_DEPTH 32

JsonNode *alcove_json_parse            (const char  *text,
                                        gssize       length,
                                        gsize        max_length,
                                        GError     **error);
char     *alcove_json_to_text          (JsonNode    *node);
gboolean  alcove_json_get_string       (JsonObject  *object,
                                        const char  *member,
                                        gsize        max_length,
                                        const char **value,
                                        GError     **error);
gboolean  alcove_json_get_int          (JsonObject  *object,
                                        const char  *member,
                                        gint64       minimum,
                                        gint64       maximum,
                                        gint64      *value,
                                        GError     **error);
gboolean  alcove_json_get_boolean      (JsonObject  *object,
                                        const char  *member,
                                        gboolean    *value,
                                        GError     **error);
gboolean  alcove_json_get_object       (JsonObject  *object,
                                        const char  *member,
                                        JsonObject **value,
                                        GError     **error);
gboolean  alcove_json_get_array        (JsonObject  *object,
                                        const char  *member,
                                        guint        max_elements,
                                        JsonArray  **value,
                                        GError     **error);
gboolean  alcove_json_has_value        (JsonObject  *object,
                                        const char  *member);
gboolean  alcove_json_dup_text         (JsonObject  *object,
                                        const char  *member,
                                        gsize        max_length,
                                        char       **value,
                                        GError     **error);
void      alcove_json_copy_members     (JsonObject  *object,
                                        JsonNode    *from);
JsonObject *alcove_json_node_get_object (JsonNode   *node,
                                         GError    **error);

G_END_DECLS
