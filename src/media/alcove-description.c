/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-description"

#include "config.h"

#include "alcove-description.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-section.h"

/*
 * webrtcbin 1.22 asserts on, or mistreats, a good deal that is legal in a description: a
 * section without `a=mid`, a refused section without its transport, several codecs.
 * A remote description is therefore brought into the narrow form that it is good at.
 */

static const char *const transport_keys[] = { "ice-ufrag", "ice-pwd", "fingerprint", "setup" };

static GstSDPMessage *
parse (const char *sdp,
       GError **error)
{
  GstSDPMessage *message = NULL;

  if (gst_sdp_message_new_from_text (sdp, &message) == GST_SDP_OK)
    return message;

  g_clear_pointer (&message, gst_sdp_message_free);
  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_SDP_INVALID,
                       _ ("The other side sent a description that could not be read."));
  return NULL;
}

static void
set_inactive (GstSDPMedia *media)
{
  alcove_section_set_direction (media, "inactive");
}

/* Port 0 means refused, unless the section merely leans on the bundle. */
static gboolean
is_refused (const GstSDPMedia *media)
{
  return gst_sdp_media_get_port (media) == 0 && !alcove_section_has (media, "bundle-only");
}

/* The number that @text begins with, a payload type or an extension's id; -1 if none. */
static int
read_number (const char *text)
{
  gsize digits = text != NULL ? strspn (text, "0123456789") : 0;
  g_autofree char *number = g_strndup (text, digits);
  guint64 value;

  /* an extension may have a direction behind its id */
  if (digits == 0 || strchr (" /", text[digits]) == NULL
      || !g_ascii_string_to_unsigned (number, 10, 0, 127, &value, NULL))
    return -1;
  return (int) value;
}

/* What an attribute of a kind, such as `rtpmap`, says of one format; NULL if there is none. */
static const char *
find_about_format (const GstSDPMedia *media,
                   const char *key,
                   const char *format)
{
  gsize length = strlen (format);

  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++)
    {
      const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);

      if (g_strcmp0 (attribute->key, key) == 0 && attribute->value != NULL
          && strncmp (attribute->value, format, length) == 0 && attribute->value[length] == ' ')
        return attribute->value + length + 1;
    }

  return NULL;
}

/* Whether a format is a codec such as `VP8/90000`. */
static gboolean
is_codec (const GstSDPMedia *media,
          const char *format,
          const char *codec)
{
  const char *name = find_about_format (media, "rtpmap", format);

  return name != NULL && g_ascii_strncasecmp (name, codec, strlen (codec)) == 0;
}

/* The payload type that a section gives to a codec such as `opus/48000`; -1 if none. */
static int
find_payload (const GstSDPMedia *media,
              const char *codec)
{
  for (guint f = 0; f < gst_sdp_media_formats_len (media); f++)
    {
      const char *format = gst_sdp_media_get_format (media, f);
      gint64 payload;

      if (is_codec (media, format, codec)
          && g_ascii_string_to_signed (format, 10, 0, 127, &payload, NULL))
        return (int) payload;
    }

  return -1;
}

/* Whether a format is a codec of pictures, of the kind that we have. */
static gboolean
is_video_codec (const GstSDPMedia *media,
                const char *format,
                AlcoveVideoCodec codec)
{
  g_autofree char *name = g_strdup_printf ("%s/90000", alcove_video_codec_get_name (codec));

  return is_codec (media, format, name)
         && alcove_video_codec_suits (codec, find_about_format (media, "fmtp", format));
}

/* The payload type that a section gives to a codec of pictures; -1 if none. */
static int
find_video_payload (const GstSDPMedia *media,
                    AlcoveVideoCodec codec)
{
  for (guint f = 0; f < gst_sdp_media_formats_len (media); f++)
    {
      const char *format = gst_sdp_media_get_format (media, f);
      gint64 payload;

      if (is_video_codec (media, format, codec)
          && g_ascii_string_to_signed (format, 10, 0, 127, &payload, NULL))
        return (int) payload;
    }

  return -1;
}

/* The first format of an answer that is, by the offer, a codec of pictures. */
static gboolean
find_answered (const GstSDPMedia *answer,
               const GstSDPMedia *offer,
               AlcoveOfferedLine *line)
{
  for (guint f = 0; f < gst_sdp_media_formats_len (answer); f++)
    {
      const char *format = gst_sdp_media_get_format (answer, f);

      for (int i = 0; i < ALCOVE_N_VIDEO_CODECS; i++)
        {
          AlcoveVideoCodec codec = (AlcoveVideoCodec) i;
          int payload = find_video_payload (offer, codec);
          g_autofree char *offered = g_strdup_printf ("%d", payload);

          if (payload == -1 || strcmp (format, offered) != 0
              || !is_video_codec (answer, format, codec))
            continue;
          line->codec = codec;
          line->payload = payload;
          return TRUE;
        }
    }

  return FALSE;
}

/* The retransmission format that belongs to @payload, -1 if none. */
static int
find_retransmission (const GstSDPMedia *media,
                     int payload)
{
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++)
    {
      const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);
      const char *space;
      g_auto (GStrv) parameters = NULL;
      g_autofree char *wanted = NULL;

      if (g_strcmp0 (attribute->key, "fmtp") != 0 || attribute->value == NULL)
        continue;
      space = strchr (attribute->value, ' ');
      if (space == NULL)
        continue;

      /* other parameters, such as `rtx-time`, may stand beside it */
      wanted = g_strdup_printf ("apt=%d", payload);
      parameters = g_strsplit (space + 1, ";", -1);
      for (guint p = 0; parameters[p] != NULL; p++)
        if (strcmp (g_strstrip (parameters[p]), wanted) == 0)
          return read_number (attribute->value);
    }

  return -1;
}

static int
find_extension (const GstSDPMedia *media,
                const char *uri)
{
  for (guint i = 0; i < gst_sdp_media_attributes_len (media); i++)
    {
      const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i);
      const char *space;

      if (g_strcmp0 (attribute->key, "extmap") != 0 || attribute->value == NULL)
        continue;
      space = strchr (attribute->value, ' ');
      if (space != NULL && strcmp (space + 1, uri) == 0)
        {
          int id = read_number (attribute->value);

          /* one-byte header extensions only */
          return id >= 1 && id <= 14 ? id : 0;
        }
    }

  return 0;
}

static gboolean
is_about_format (const char *key)
{
  return g_strcmp0 (key, "rtpmap") == 0 || g_strcmp0 (key, "fmtp") == 0
         || g_strcmp0 (key, "rtcp-fb") == 0;
}

/* Leaves one codec, its retransmission, and the one extension we know. */
static void
keep_codec (GstSDPMedia *media,
            int payload,
            int twcc)
{
  int retransmission = find_retransmission (media, payload);
  g_autofree char *extension = g_strdup_printf ("%d %s", twcc, ALCOVE_EXTENSION_TWCC);

  for (guint i = gst_sdp_media_attributes_len (media); i > 0; i--)
    {
      const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (media, i - 1);
      gboolean keep = TRUE;

      if (is_about_format (attribute->key))
        {
          int about = read_number (attribute->value);

          keep = about == payload || (about != -1 && about == retransmission);
        }
      else if (g_strcmp0 (attribute->key, "extmap") == 0)
        keep = g_strcmp0 (attribute->value, extension) == 0;

      if (!keep)
        gst_sdp_media_remove_attribute (media, i - 1);
    }

  for (guint i = gst_sdp_media_formats_len (media); i > 0; i--)
    {
      int format = read_number (gst_sdp_media_get_format (media, i - 1));

      if (format == -1 || (format != payload && format != retransmission))
        gst_sdp_media_remove_format (media, i - 1);
    }
}

/* The session speaks for the sections that say nothing, then any section that lives; what a
 * refused one says holds for nobody else. */
static const char *
find_transport (const GstSDPMessage *message,
                const char *key)
{
  const char *value = gst_sdp_message_get_attribute_val (message, key);

  for (guint i = 0; value == NULL && i < gst_sdp_message_medias_len (message); i++)
    {
      const GstSDPMedia *media = gst_sdp_message_get_media (message, i);

      if (!is_refused (media))
        value = gst_sdp_media_get_attribute_val (media, key);
    }

  return value;
}

/* What a section lacks is taken from the others, so that webrtcbin accepts it. */
static void
complete_transport (GstSDPMessage *message,
                    GstSDPMedia *media)
{
  for (gsize k = 0; k < G_N_ELEMENTS (transport_keys); k++)
    {
      const char *key = transport_keys[k];
      /* the value may live in the very array that grows */
      g_autofree char *value = g_strdup (find_transport (message, key));

      if (value != NULL && !alcove_section_has (media, key))
        gst_sdp_media_add_attribute (media, key, value);
    }
}

static void
set_mid (GstSDPMedia *media,
         const char *mid)
{
  alcove_section_remove (media, "mid");
  gst_sdp_media_add_attribute (media, "mid", mid);
}

static void
remove_groups (GstSDPMessage *message)
{
  for (guint i = gst_sdp_message_attributes_len (message); i > 0; i--)
    if (g_strcmp0 (gst_sdp_message_get_attribute (message, i - 1)->key, "group") == 0)
      gst_sdp_message_remove_attribute (message, i - 1);
}

static gboolean
prepare_line (GstSDPMedia *media,
              guint index,
              int payload,
              AlcoveOfferedLine *line)
{
  if (line->index != -1 || payload == -1 || is_refused (media))
    return FALSE;

  line->index = (int) index;
  line->payload = payload;
  line->retransmission = find_retransmission (media, payload);
  line->twcc = find_extension (media, ALCOVE_EXTENSION_TWCC);
  keep_codec (media, payload, line->twcc);
  return TRUE;
}

static gboolean
prepare_video_line (GstSDPMedia *media,
                    guint index,
                    const AlcoveVideoCodecs *codecs,
                    AlcoveOfferedLine *line)
{
  for (guint i = 0; i < codecs->n; i++)
    if (prepare_line (media, index, find_video_payload (media, codecs->order[i]), line))
      {
        line->codec = codecs->order[i];
        return TRUE;
      }

  return FALSE;
}

/**
 * alcove_description_prepare_offer:
 * @sdp: an offer that alcove_sdp_inspect() has passed
 * @codecs: what pictures may come in
 * @offered: (out): what of it we use
 * @error: return location for an error
 *
 * Picks the first section with Opus and the first with a codec of @codecs, leaves just those
 * codecs with the offer's payload types in them, and makes all other sound and pictures inactive.
 *
 * Errors: %ALCOVE_ERROR_SDP_INVALID.
 *
 * Returns: (transfer full): the offer for webrtcbin, or %NULL
 */
GstSDPMessage *
alcove_description_prepare_offer (const char *sdp,
                                  const AlcoveVideoCodecs *codecs,
                                  AlcoveOffered *offered,
                                  GError **error)
{
  GstSDPMessage *message = parse (sdp, error);

  if (message == NULL)
    return NULL;

  *offered = (AlcoveOffered){ .audio.index = -1, .video.index = -1 };
  for (guint i = 0; i < gst_sdp_message_medias_len (message); i++)
    {
      GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (message, i);

      if (!alcove_section_has (media, "mid"))
        {
          g_autofree char *mid = g_strdup_printf ("alcove%u", i);

          set_mid (media, mid);
        }
      complete_transport (message, media);

      if (alcove_section_is (media, "application"))
        offered->data = offered->data || !is_refused (media);
      else if (alcove_section_is (media, "audio"))
        {
          if (!prepare_line (media, i, find_payload (media, "opus/48000"), &offered->audio))
            set_inactive (media);
        }
      else if (alcove_section_is (media, "video"))
        {
          if (!prepare_video_line (media, i, codecs, &offered->video))
            set_inactive (media);
        }
    }

  return message;
}

/**
 * alcove_description_prepare_answer:
 * @sdp: an answer that alcove_sdp_inspect() has passed
 * @offer: the offer that it answers
 * @video: (out): the section for pictures, and which of our codecs it is to be
 * @error: return location for an error
 *
 * A section that the answer refuses, with port 0 and little else, becomes an inactive
 * one of the same bundle: webrtcbin would otherwise move the connection to another
 * section and lose it. One that only receives for now becomes one that may send as well:
 * webrtcbin can't change a direction later, and who sends nothing is not missed.
 *
 * Errors: %ALCOVE_ERROR_SDP_INVALID.
 *
 * Returns: (transfer full): the answer for webrtcbin, or %NULL
 */
GstSDPMessage *
alcove_description_prepare_answer (const char *sdp,
                                   const GstSDPMessage *offer,
                                   AlcoveOfferedLine *video,
                                   GError **error)
{
  GstSDPMessage *message = parse (sdp, error);
  const char *group;
  guint n_sections;

  *video = (AlcoveOfferedLine) { .index = -1 };
  if (message == NULL)
    return NULL;

  n_sections = gst_sdp_message_medias_len (message);
  if (n_sections != gst_sdp_message_medias_len (offer))
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_SDP_INVALID,
                           _ ("The other side’s answer does not fit the offer."));
      gst_sdp_message_free (message);
      return NULL;
    }

  for (guint i = 0; i < n_sections; i++)
    {
      GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (message, i);
      const GstSDPMedia *ours = gst_sdp_message_get_media (offer, i);
      AlcoveOfferedLine line = { .index = (int) i };
      gboolean is_video = alcove_section_is (ours, "video");

      if (g_strcmp0 (gst_sdp_media_get_media (media), gst_sdp_media_get_media (ours)) != 0)
        {
          g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_SDP_INVALID,
                               _ ("The other side’s answer does not fit the offer."));
          gst_sdp_message_free (message);
          return NULL;
        }

      set_mid (media, gst_sdp_media_get_attribute_val (ours, "mid"));
      complete_transport (message, media);

      if (alcove_section_is (media, "application"))
        {
          if (!alcove_section_has (media, "sctp-port"))
            gst_sdp_media_add_attribute (media, "sctp-port", "5000");
        }
      else if (gst_sdp_media_get_port (media) == 0
               || (is_video ? !find_answered (media, ours, &line)
                            : find_payload (media, "opus/48000")
                                  != find_payload (ours, "opus/48000")))
        set_inactive (media);
      else
        {
          if (!is_video)
            line.payload = find_payload (media, "opus/48000");
          line.retransmission = find_retransmission (ours, line.payload);
          line.twcc = find_extension (media, ALCOVE_EXTENSION_TWCC);
          keep_codec (media, line.payload, line.twcc);
          if (is_video && video->index == -1)
            *video = line;
          if (strcmp (alcove_section_get_direction (media), "recvonly") == 0
              && strcmp (alcove_section_get_direction (ours), "sendrecv") == 0)
            alcove_section_set_direction (media, "sendrecv");
        }

      if (gst_sdp_media_get_port (media) == 0)
        gst_sdp_media_set_port_info (media, 9, 0);
    }

  group = gst_sdp_message_get_attribute_val (offer, "group");
  if (group != NULL)
    {
      remove_groups (message);
      gst_sdp_message_add_attribute (message, "group", group);
    }

  return message;
}

static gboolean
has_format (const GstSDPMedia *media,
            int payload)
{
  for (guint f = 0; f < gst_sdp_media_formats_len (media); f++)
    if (read_number (gst_sdp_media_get_format (media, f)) == payload)
      return TRUE;

  return FALSE;
}

/* Nothing if @payload is -1. */
static void
copy_format (GstSDPMedia *media,
             const GstSDPMedia *from,
             int payload)
{
  g_autofree char *format = g_strdup_printf ("%d", payload);

  if (payload == -1)
    return;

  gst_sdp_media_add_format (media, format);
  for (guint i = 0; i < gst_sdp_media_attributes_len (from); i++)
    {
      const GstSDPAttribute *attribute = gst_sdp_media_get_attribute (from, i);

      if (is_about_format (attribute->key) && read_number (attribute->value) == payload)
        gst_sdp_media_add_attribute (media, attribute->key, attribute->value);
    }
}

/**
 * alcove_description_accept_offered:
 * @answer: an answer from alcove_description_prepare_answer(); changed in place
 * @offer: the offer that it answers
 * @index: of a section for pictures
 *
 * Adds to a section what else was offered there. An answer says what its maker wants to get;
 * Chromium sends what stands first in the offer, even if its own answer does not have it.
 */
void
alcove_description_accept_offered (GstSDPMessage *answer,
                                   const GstSDPMessage *offer,
                                   guint index)
{
  GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (answer, index);
  const GstSDPMedia *ours = gst_sdp_message_get_media (offer, index);

  for (int codec = 0; codec < ALCOVE_N_VIDEO_CODECS; codec++)
    {
      int payload = find_video_payload (ours, (AlcoveVideoCodec) codec);

      if (payload != -1 && !has_format (media, payload))
        {
          copy_format (media, ours, payload);
          copy_format (media, ours, find_retransmission (ours, payload));
        }
    }
}

/**
 * alcove_description_list_names:
 * @message: a description
 *
 * Returns: (transfer full) (array zero-terminated=1): the name of each section, empty if it has
 *   none
 */
GStrv
alcove_description_list_names (const GstSDPMessage *message)
{
  guint n_sections = gst_sdp_message_medias_len (message);
  GStrv names = g_new0 (char *, n_sections + 1);

  for (guint i = 0; i < n_sections; i++)
    {
      const char *mid
          = gst_sdp_media_get_attribute_val (gst_sdp_message_get_media (message, i), "mid");

      names[i] = g_strdup (mid != NULL ? mid : "");
    }

  return names;
}

/**
 * alcove_description_name_sections:
 * @message: a description; changed in place
 * @names: (array zero-terminated=1): names for its first sections
 *
 * Gives sections other names (`a=mid`), in the bundle too. webrtcbin names the sections of an
 * offer by its own scheme, and must find those names again in every later description.
 */
void
alcove_description_name_sections (GstSDPMessage *message,
                                  const char *const *names)
{
  const char *group = gst_sdp_message_get_attribute_val (message, "group");
  g_auto (GStrv) members = g_strsplit (group != NULL ? group : "", " ", -1);
  guint n_sections = MIN (gst_sdp_message_medias_len (message), g_strv_length ((GStrv) names));
  g_autoptr (GHashTable) renamed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < n_sections; i++)
    {
      GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (message, i);
      const char *mid = gst_sdp_media_get_attribute_val (media, "mid");

      if (mid != NULL)
        g_hash_table_insert (renamed, g_strdup (mid), (gpointer) names[i]);
      set_mid (media, names[i]);
    }
  if (group == NULL)
    return;

  /* the first is the word BUNDLE */
  for (guint m = 1; members[0] != NULL && members[m] != NULL; m++)
    {
      const char *name = g_hash_table_lookup (renamed, members[m]);

      if (name != NULL)
        {
          g_free (members[m]);
          members[m] = g_strdup (name);
        }
    }
  text = g_strjoinv (" ", members);
  remove_groups (message);
  gst_sdp_message_add_attribute (message, "group", text);
}

/**
 * alcove_description_continue:
 * @offer: an offer from alcove_description_prepare_offer(), on a connection that runs
 * @remote: the far side's description in use
 * @is_active: whether the far side is the DTLS client of that connection
 * @directions: (out) (array zero-terminated=1): what the far side offered for each section
 *
 * Makes an offer that renews a description fit for webrtcbin, which can't change the direction
 * of a section that it has, nor the roles in DTLS. The true directions are what the answer has
 * to keep to.
 */
void
alcove_description_continue (GstSDPMessage *offer,
                             const GstSDPMessage *remote,
                             gboolean is_active,
                             GStrv *directions)
{
  guint n_sections = gst_sdp_message_medias_len (offer);
  guint n_known = gst_sdp_message_medias_len (remote);

  *directions = g_new0 (char *, n_sections + 1);
  for (guint i = 0; i < n_sections; i++)
    {
      GstSDPMedia *media = (GstSDPMedia *) gst_sdp_message_get_media (offer, i);

      (*directions)[i] = g_strdup (alcove_section_get_direction (media));
      alcove_section_remove (media, "setup");
      gst_sdp_media_add_attribute (media, "setup", is_active ? "active" : "passive");
      if (i < n_known && !alcove_section_is (media, "application"))
        alcove_section_set_direction (media, alcove_section_get_direction (gst_sdp_message_get_media (remote, i)));
    }
}
