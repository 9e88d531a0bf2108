/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-video-codec"

#include "config.h"

#include "alcove-video-codec.h"

#include <string.h>

/* Everything that tells one codec from another in descriptions and packets. */
typedef struct {
  const char *name;       /* in RTP */
  int payload;            /* in our own offers */
  int retransmission;     /* likewise */
  const char *parameters; /* likewise */
  const char *caps;       /* of encoded pictures, on the way out */
  const char *payloader;
  const char *depayloader;
} Codec;

/* RFC 6184 for the parameters of H.264, RFC 7742 for what browsers must have of it: constrained
 * baseline. 3.1 is the level that all of them name; with asymmetry each side says what it
 * takes, whatever the other does. */
static const Codec codecs[] = {
  [ALCOVE_VIDEO_CODEC_VP8] = {
    .name = "VP8",
    .payload = 96,
    .retransmission = 97,
    .caps = "video/x-vp8",
    .payloader = "rtpvp8pay",
    .depayloader = "rtpvp8depay",
  },
  [ALCOVE_VIDEO_CODEC_H264] = {
    .name = "H264",
    .payload = 98,
    .retransmission = 99,
    .parameters = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
    .caps = "video/x-h264,stream-format=byte-stream,alignment=au,profile=constrained-baseline",
    .payloader = "rtph264pay",
    .depayloader = "rtph264depay",
  },
};

G_STATIC_ASSERT (G_N_ELEMENTS (codecs) == ALCOVE_N_VIDEO_CODECS);

/* The bits of profile-iop in `profile-level-id` (RFC 6184, section 8.1, table 5). */
#define CONSTRAINT_SET1 0x40

static const Codec *
get_codec (AlcoveVideoCodec codec)
{
  return &codecs[(guint) codec < ALCOVE_N_VIDEO_CODECS ? codec : ALCOVE_VIDEO_CODEC_VP8];
}

/* The value of one parameter of a list `a=1;b=2`; NULL if it is not in it. */
static char *
find_parameter (const char *parameters,
                const char *name)
{
  g_auto (GStrv) list = g_strsplit (parameters, ";", -1);
  gsize length = strlen (name);

  for (guint i = 0; list[i] != NULL; i++)
    {
      const char *parameter = g_strstrip (list[i]);

      if (g_ascii_strncasecmp (parameter, name, length) == 0 && parameter[length] == '=')
        return g_strdup (parameter + length + 1);
    }

  return NULL;
}

/* Whether a decoder of constrained baseline takes what is described so: that profile itself, by
 * either of the two ways to write it. */
static gboolean
is_constrained_baseline (const char *profile)
{
  guint64 value;

  if (strlen (profile) != 6 || !g_ascii_string_to_unsigned (profile, 16, 0, 0xffffff, &value, NULL))
    return FALSE;

  return (value >> 16 == 0x42 && ((value >> 8) & CONSTRAINT_SET1) != 0)
         || (value >> 16 == 0x4d && ((value >> 8) & 0x80) != 0);
}

/**
 * alcove_video_codec_get_name:
 * @codec: a codec
 *
 * Returns: its encoding name in RTP, which is also what statistics call it
 */
const char *
alcove_video_codec_get_name (AlcoveVideoCodec codec)
{
  return get_codec (codec)->name;
}

/**
 * alcove_video_codec_from_name:
 * @name: (nullable): an encoding name in RTP
 * @codec: (out): the codec
 *
 * Returns: whether it is one of ours
 */
gboolean
alcove_video_codec_from_name (const char *name,
                              AlcoveVideoCodec *codec)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (codecs); i++)
    if (g_ascii_strcasecmp (codecs[i].name, name) == 0)
      {
        *codec = (AlcoveVideoCodec) i;
        return TRUE;
      }

  return FALSE;
}

/**
 * alcove_video_codec_get_payload:
 * @codec: a codec
 *
 * Returns: its payload type in our own offers
 */
int
alcove_video_codec_get_payload (AlcoveVideoCodec codec)
{
  return get_codec (codec)->payload;
}

/**
 * alcove_video_codec_get_retransmission:
 * @codec: a codec
 *
 * Returns: the payload type, in our own offers, of what is sent again
 */
int
alcove_video_codec_get_retransmission (AlcoveVideoCodec codec)
{
  return get_codec (codec)->retransmission;
}

/**
 * alcove_video_codec_get_parameters:
 * @codec: a codec
 *
 * Returns: (nullable): what `a=fmtp` says of it in our own offers
 */
const char *
alcove_video_codec_get_parameters (AlcoveVideoCodec codec)
{
  return get_codec (codec)->parameters;
}

/**
 * alcove_video_codec_suits:
 * @codec: a codec
 * @parameters: (nullable): what a stranger's `a=fmtp` says of it
 *
 * Without a word of the profile H.264 is plain baseline, and without one of the packets each
 * carries a whole unit, which does not suit (RFC 6184, section 8.1).
 *
 * Returns: whether pictures of that kind can be sent and received
 */
gboolean
alcove_video_codec_suits (AlcoveVideoCodec codec,
                          const char *parameters)
{
  g_autofree char *profile = NULL;
  g_autofree char *mode = NULL;

  if (codec != ALCOVE_VIDEO_CODEC_H264)
    return TRUE;
  if (parameters == NULL)
    return FALSE;

  profile = find_parameter (parameters, "profile-level-id");
  mode = find_parameter (parameters, "packetization-mode");
  return profile != NULL && is_constrained_baseline (profile) && g_strcmp0 (mode, "1") == 0;
}

/**
 * alcove_video_codec_make_caps:
 * @codec: a codec
 *
 * Returns: (transfer full): the caps of encoded pictures as encoders give and payloaders take them
 */
GstCaps *
alcove_video_codec_make_caps (AlcoveVideoCodec codec)
{
  return gst_caps_from_string (get_codec (codec)->caps);
}

/**
 * alcove_video_codec_make_payloader:
 * @codec: a codec
 *
 * Returns: (transfer floating) (nullable): what puts encoded pictures into packets
 */
GstElement *
alcove_video_codec_make_payloader (AlcoveVideoCodec codec)
{
  GstElement *payloader = gst_element_factory_make (get_codec (codec)->payloader, NULL);

  if (payloader == NULL)
    return NULL;

  if (codec == ALCOVE_VIDEO_CODEC_VP8)
    gst_util_set_object_arg (G_OBJECT (payloader), "picture-id-mode", "15-bit");
  else
    {
      /* browsers want the parameter sets with each key frame, and nothing put together that is
       * not of one picture */
      g_object_set (payloader, "config-interval", -1, NULL);
      gst_util_set_object_arg (G_OBJECT (payloader), "aggregate-mode", "zero-latency");
    }

  return payloader;
}

/**
 * alcove_video_codec_make_depayloader:
 * @codec: a codec
 *
 * After a loss it asks for a key frame, and hands nothing on before one.
 *
 * Returns: (transfer floating) (nullable): what takes encoded pictures out of packets
 */
GstElement *
alcove_video_codec_make_depayloader (AlcoveVideoCodec codec)
{
  GstElement *depayloader = gst_element_factory_make (get_codec (codec)->depayloader, NULL);

  if (depayloader != NULL)
    g_object_set (depayloader, "request-keyframe", TRUE, "wait-for-keyframe", TRUE, NULL);
  return depayloader;
}

/**
 * alcove_video_codecs_send:
 * @self: codecs
 * @codec: one of them, or not
 *
 * Returns: whether it is one that can be sent
 */
gboolean
alcove_video_codecs_send (const AlcoveVideoCodecs *self,
                          AlcoveVideoCodec codec)
{
  for (guint i = 0; i < self->n_sent; i++)
    if (self->order[i] == codec)
      return TRUE;

  return FALSE;
}
