/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-section"

#include "config.h"

#include "alcove-section.h"

static const char *const all_directions[] = { "sendrecv", "sendonly", "recvonly", "inactive" };

/**
 * alcove_section_is:
 * @media: a section of a description
 * @kind: `audio`, `video` or `application`
 *
 * Returns: whether it is of that kind
 */
gboolean
alcove_section_is (const GstSDPMedia *media,
                   const char *kind)
{
  return g_strcmp0 (gst_sdp_media_get_media (media), kind) == 0;
}

/**
 * alcove_section_has:
 * @media: a section of a description
 * @key: of an attribute
 *
 * Returns: whether it has at least one such attribute
 */
gboolean
alcove_section_has (const GstSDPMedia *media,
                    const char *key)
{
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++)
    if (g_strcmp0 (gst_sdp_media_get_attribute (media, i)->key, key) == 0)
      return TRUE;

  return FALSE;
}

/**
 * alcove_section_remove:
 * @media: a section of a description
 * @key: of attributes
 *
 * Removes all of them.
 */
void
alcove_section_remove (GstSDPMedia *media,
                       const char *key)
{
  for (guint i = gst_sdp_media_attributes_len (media); i > 0; i--)
    if (g_strcmp0 (gst_sdp_media_get_attribute (media, i - 1)->key, key) == 0)
      gst_sdp_media_remove_attribute (media, i - 1);
}

/**
 * alcove_section_get_direction:
 * @media: a section of a description
 *
 * Returns: its direction; `sendrecv` if it names none
 */
const char *
alcove_section_get_direction (const GstSDPMedia *media)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_directions); i++)
    if (alcove_section_has (media, all_directions[i]))
      return all_directions[i];

  return "sendrecv";
}

/**
 * alcove_section_set_direction:
 * @media: a section of a description
 * @direction: what it is to be
 */
void
alcove_section_set_direction (GstSDPMedia *media,
                              const char *direction)
{
  for (gsize i = 0; i < G_N_ELEMENTS (all_directions); i++)
    alcove_section_remove (media, all_directions[i]);
  gst_sdp_media_add_attribute (media, direction, "");
}
