/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-description"

#include "config.h"

#include "alcove-description.h"

#include <string.h>

#include "alcove-section.h"

/*
 * What webrtcbin 1.22 gets wrong, or cannot say, in our own descriptions.
 */

static void
add_format (GstSDPMedia *media,
            int payload,
            const char *name,
            const char *parameters)
{
  g_autofree char *format = g_strdup_printf ("%d", payload);
  g_autofree char *rtpmap = g_strdup_printf ("%d %s/90000", payload, name);

  gst_sdp_media_add_format (media, format);
  gst_sdp_media_add_attribute (media, "rtpmap", rtpmap);
  if (parameters != NULL)
    {
      g_autofree char *fmtp = g_strdup_printf ("%d %s", payload, parameters);

      gst_sdp_media_add_attribute (media, "fmtp", fmtp);
    }
}

/* The kinds of feedback, such as `nack pli`, that a section names for its first format. */
static GPtrArray *
list_feedback (const GstSDPMedia *media)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_free);
  const char *format
      = gst_sdp_media_formats_len (media) > 0 ? gst_sdp_media_get_format (media, 0) : "";
  g_autofree char *prefix = g_strconcat (format, " ", NULL);

  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++)
    {
      const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);

      if (g_strcmp0 (attribute->key, "rtcp-fb") == 0 && attribute->value != NULL
          && g_str_has_prefix (attribute->value, prefix))
        g_ptr_array_add (list, g_strdup (attribute->value + strlen (prefix)));
    }

  return list;
}

static void
set_codecs (GstSDPMedia *media,
            const AlcoveOfferedLine *lines,
            guint n_lines)
{
  g_autoptr (GPtrArray) feedback = list_feedback (media);

  alcove_section_remove (media, "rtpmap");
  alcove_section_remove (media, "fmtp");
  alcove_section_remove (media, "rtcp-fb");
  while (gst_sdp_media_formats_len (media) > 0)
    gst_sdp_media_remove_format (media, 0);

  for (guint i = 0; i < n_lines; i++)
    {
      const AlcoveOfferedLine *line = &lines[i];

      add_format (media, line->payload, alcove_video_codec_get_name (line->codec),
                  alcove_video_codec_get_parameters (line->codec));
      for (guint f = 0; f < feedback->len; f++)
        {
          g_autofree char *value
              = g_strdup_printf ("%d %s", line->payload, (const char *) feedback->pdata[f]);

          gst_sdp_media_add_attribute (media, "rtcp-fb", value);
        }
      if (line->retransmission != -1)
        {
          g_autofree char *apt = g_strdup_printf ("apt=%d", line->payload);

          add_format (media, line->retransmission, "rtx", apt);
        }
    }
}

/**
 * alcove_description_offer_codecs:
 * @offer: an offer as webrtcbin made it; changed in place
 * @lines: (array length=n_lines): codecs with their payload types, the best first
 * @n_lines: how many
 *
 * Offers these codecs for our picture. webrtcbin itself names what is sent again for the first of
 * several codecs only, and numbers it anew each time.
 */
void
alcove_description_offer_codecs (GstSDPMessage *offer,
                                 const AlcoveOfferedLine *lines,
                                 guint n_lines)
{
  for (guint i = 0; i < gst_sdp_message_medias_len (offer); i++)
    {
      GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (offer, i);

      if (alcove_section_is (media, "video") && !alcove_section_has (media, "inactive"))
        {
          set_codecs (media, lines, n_lines);
          return;
        }
    }
}

/* Takes over what @previous said of our streams. */
static void
keep_streams (GstSDPMedia *media,
              const GstSDPMessage *previous)
{
  const char *mid = gst_sdp_media_get_attribute_val (media, "mid");

  for (guint m = 0; m < gst_sdp_message_medias_len (previous); m++)
    {
      const GstSDPMedia *old = gst_sdp_message_get_media (previous, m);

      if (g_strcmp0 (gst_sdp_media_get_attribute_val (old, "mid"), mid) != 0)
        continue;

      alcove_section_remove (media, "ssrc-group");
      alcove_section_remove (media, "ssrc");
      for (guint i = 0; i < gst_sdp_media_attributes_len (old); i++)
        {
          const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (old, i);

          if (g_strcmp0 (attribute->key, "ssrc-group") == 0
              || g_strcmp0 (attribute->key, "ssrc") == 0)
            gst_sdp_media_add_attribute (media, attribute->key, attribute->value);
        }
    }
}

/* webrtcbin loses the profile of H.264 on the way from an offer to its answer, and without one
 * it is another than what was offered. */
static void
name_profile (GstSDPMedia *media)
{
  static const char key[] = "profile-level-id=";
  const char *ours
      = strstr (alcove_video_codec_get_parameters (ALCOVE_VIDEO_CODEC_H264), key);

  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++)
    {
      const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);

      if (g_strcmp0 (attribute->key, "fmtp") == 0 && attribute->value != NULL
          && strstr (attribute->value, "packetization-mode=") != NULL
          && strstr (attribute->value, key) == NULL)
        {
          g_autofree char *value = g_strconcat (attribute->value, ";", ours, NULL);
          GstSDPAttribute changed;

          gst_sdp_attribute_set (&changed, "fmtp", value);
          gst_sdp_media_replace_attribute (media, i, &changed);
        }
    }
}

/* What was offered bounds what the answer may say. */
static void
keep_to_direction (GstSDPMedia *media,
                   const char *offered)
{
  const char *ours = alcove_section_get_direction (media);
  gboolean sends = (strcmp (ours, "sendrecv") == 0 || strcmp (ours, "sendonly") == 0)
                   && (strcmp (offered, "sendrecv") == 0 || strcmp (offered, "recvonly") == 0);
  gboolean receives = (strcmp (ours, "sendrecv") == 0 || strcmp (ours, "recvonly") == 0)
                      && (strcmp (offered, "sendrecv") == 0 || strcmp (offered, "sendonly") == 0);

  alcove_section_set_direction (media, sends && receives ? "sendrecv"
                        : sends           ? "sendonly"
                        : receives        ? "recvonly"
                                          : "inactive");
}

/**
 * alcove_description_complete:
 * @ours: our description, from webrtcbin
 * @session: the session id of this connection, in decimal
 * @version: how many descriptions of this connection there were before
 * @previous: (nullable): the one before, from this function
 * @names: (nullable) (array zero-terminated=1): what to call its sections
 * @directions: (nullable) (array zero-terminated=1): from alcove_description_continue(), if
 *   it is an answer to that
 *
 * Makes what webrtcbin 1.22 gets wrong in our own description right: it takes the far side's
 * session id for ours, names other streams for retransmission each time, on which a browser
 * loses the picture, and does not name the profile of H.264.
 *
 * Returns: (transfer full): the description to be sent
 */
GstSDPMessage *
alcove_description_complete (const GstSDPMessage *ours,
                             const char *session,
                             guint version,
                             const GstSDPMessage *previous,
                             const char *const *names,
                             const char *const *directions)
{
  GstSDPMessage *message = NULL;
  g_autofree char *number = g_strdup_printf ("%u", version);
  const GstSDPOrigin *origin;

  gst_sdp_message_copy (ours, &message);
  origin = gst_sdp_message_get_origin (ours);
  gst_sdp_message_set_origin (message, origin->username, session, number, origin->nettype,
                              origin->addrtype, origin->addr);
  if (names != NULL)
    alcove_description_name_sections (message, names);

  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++)
    {
      GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (message, i);

      if (alcove_section_is (media, "application"))
        continue;
      name_profile (media);
      if (previous != NULL)
        keep_streams (media, previous);
      if (directions != NULL && i < g_strv_length ((GStrv) directions))
        keep_to_direction (media, directions[i]);
    }

  return message;
}

/**
 * alcove_description_unname_streams:
 * @message: a description from alcove_description_complete()
 *
 * Leaves out which streams carry our sound and pictures, but not whose they are: who receives them
 * finds them by their payload types.
 */
void
alcove_description_unname_streams (GstSDPMessage *message)
{
  for (guint m = 0; m < gst_sdp_message_medias_len (message); m++)
    {
      GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (message, m);
      g_autofree char *msid = NULL;

      for (guint i = 0; msid == NULL && i < gst_sdp_media_attributes_len (media); i++)
        {
          const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);
          const char *text = g_strcmp0 (attribute->key, "ssrc") == 0 && attribute->value != NULL
                                 ? strstr (attribute->value, " msid:")
                                 : NULL;

          if (text != NULL)
            msid = g_strdup (text + strlen (" msid:"));
        }

      alcove_section_remove (media, "ssrc-group");
      alcove_section_remove (media, "ssrc");
      if (msid != NULL && !alcove_section_has (media, "msid"))
        gst_sdp_media_add_attribute (media, "msid", msid);
    }
}

/**
 * alcove_description_set_fingerprint:
 * @message: our description
 * @fingerprint: of our certificate, `sha-512 AB:CD:…`
 *
 * Puts @fingerprint in the place of those that are there.
 */
void
alcove_description_set_fingerprint (GstSDPMessage *message,
                                    const char *fingerprint)
{
  for (guint i = 0; i < gst_sdp_message_attributes_len (message); i++)
    if (g_strcmp0 (gst_sdp_message_get_attribute (message, i)->key, "fingerprint") == 0)
      {
        GstSDPAttribute attribute;

        gst_sdp_attribute_set (&attribute, "fingerprint", fingerprint);
        gst_sdp_message_replace_attribute (message, i, &attribute);
      }

  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++)
    {
      GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (message, i);

      if (!alcove_section_has (media, "fingerprint"))
        continue;
      alcove_section_remove (media, "fingerprint");
      gst_sdp_media_add_attribute (media, "fingerprint", fingerprint);
    }
}
