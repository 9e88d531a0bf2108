/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-sdp.h"

#include "../mutate.h"

#define FP_A                                                                                       \
  "AA:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:"  \
  "01"
#define FP_B                                                                                       \
  "BB:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:"  \
  "02"
#define HEAD "v=0\r\no=- 42 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
#define LINE_A "a=fingerprint:sha-256 " FP_A "\r\n"
#define LINE_B "a=fingerprint:sha-256 " FP_B "\r\n"
#define AUDIO "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
#define VIDEO "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n"

static const char *const mutated[] = {
  "chromium-offer-audio-video-data.sdp",
  "chromium-answer-audio-video-data.sdp",
  "pion-answer-media-refused.sdp",
  "pion-offer-data.sdp",
};

static char *
load_sample (const char *name)
{
  g_autofree char *path
      = g_test_build_filename (G_TEST_DIST, "data", "sdp", name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
assert_refused (const char *sdp,
                AlcoveError code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlcoveSdpInfo) info = alcove_sdp_inspect (sdp, &error);

  g_assert_null (info);
  g_assert_error (error, ALCOVE_ERROR, (int) code);
}

static AlcoveSdpInfo *
assert_taken (const char *sdp)
{
  g_autoptr (GError) error = NULL;
  AlcoveSdpInfo *info = alcove_sdp_inspect (sdp, &error);

  g_assert_no_error (error);
  g_assert_nonnull (info);
  g_assert_cmpuint (g_strv_length (info->mids), ==, info->n_sections);
  g_assert_cmpuint (g_strv_length (info->fingerprints), >, 0);
  return info;
}

static void
test_samples (void)
{
  static const struct {
    const char *name;
    const char *session_id;
    guint n_sections;
    guint n_media;
    guint n_sending;
    const char *fingerprint_start;
    const char *last_mid;
  } samples[] = {
    { "chromium-offer-audio-video-data.sdp", "7394597559008123917", 3, 2, 2, "sha-256 26:A0:", "2" },
    { "chromium-answer-audio-video-data.sdp", "4158197571747068498", 3, 2, 2, "sha-256 89:FE:", "2" },
    { "chromium-offer-data.sdp", "1578078689635299917", 1, 0, 0, "sha-256 6F:57:", "0" },
    { "chromium-answer-data.sdp", "6983903158953796173", 1, 0, 0, "sha-256 6A:D9:", "0" },
    { "pion-offer-data.sdp", "9008638039047753140", 1, 0, 0, "sha-256 EB:D3:", "0" },
    { "pion-answer-media-refused.sdp", "8237273666129038785", 3, 0, 0, "sha-256 44:02:", "2" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autofree char *text = load_sample (samples[i].name);
      g_autoptr (AlcoveSdpInfo) info = assert_taken (text);

      g_assert_cmpstr (info->session_id, ==, samples[i].session_id);
      g_assert_cmpuint (info->n_sections, ==, samples[i].n_sections);
      g_assert_cmpuint (info->n_media, ==, samples[i].n_media);
      g_assert_cmpuint (info->n_sending, ==, samples[i].n_sending);
      g_assert_cmpuint (g_strv_length (info->fingerprints), ==, 1);
      g_assert_true (g_str_has_prefix (info->fingerprints[0], samples[i].fingerprint_start));
      g_assert_cmpstr (info->mids[info->n_sections - 1], ==, samples[i].last_mid);
    }
}

#define DIRECTIONS                                                                                 \
  "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n%s"                                             \
  "a=fingerprint:sha-1 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13\r\n"          \
  "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n%sm=video %d UDP/TLS/RTP/SAVPF 96\r\n%s"

/* Who says nothing sends; a section's own word wins over that of all. */
static void
test_directions (void)
{
  static const struct {
    const char *all, *audio, *video;
    int video_port;
    guint n_sending;
    gboolean pictures;
  } cases[] = {
    { "", "", "", 9, 2, TRUE },
    { "", "a=sendrecv\r\n", "a=sendonly\r\n", 9, 2, TRUE },
    { "", "a=recvonly\r\n", "a=inactive\r\n", 9, 0, FALSE },
    { "", "a=recvonly\r\n", "a=sendrecv\r\n", 9, 1, TRUE },
    { "", "a=recvonly\r\n", "a=sendrecv\r\n", 0, 0, FALSE },
    { "a=recvonly\r\n", "", "", 9, 0, FALSE },
    { "a=inactive\r\n", "", "a=sendonly\r\n", 9, 1, TRUE },
    { "", "a=sendrecvs\r\n", "a=recvonly:1\r\n", 9, 2, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf (DIRECTIONS, cases[i].all, cases[i].audio,
                                               cases[i].video_port, cases[i].video);
      g_autoptr (AlcoveSdpInfo) info = assert_taken (text);

      g_assert_cmpuint (info->n_sending, ==, cases[i].n_sending);
      g_assert_cmpint (info->sends_pictures, ==, cases[i].pictures);
    }
}

static void
test_refused_media (void)
{
  g_autofree char *text = load_sample ("pion-answer-media-refused.sdp");
  g_autoptr (AlcoveSdpInfo) info = assert_taken (text);

  g_assert_cmpstr (info->mids[0], ==, "");
  g_assert_cmpstr (info->mids[1], ==, "");
  g_assert_cmpstr (info->mids[2], ==, "2");
}

static void
test_line_ends (void)
{
  g_autofree char *crlf = load_sample ("chromium-offer-audio-video-data.sdp");
  g_auto (GStrv) lines = g_strsplit (crlf, "\r\n", -1);
  g_autofree char *lf = g_strjoinv ("\n", lines);
  g_autofree char *no_end = NULL;
  g_autoptr (AlcoveSdpInfo) a = assert_taken (lf);

  g_assert_cmpuint (a->n_sections, ==, 3);
  g_assert_cmpstr (a->mids[1], ==, "1");

  no_end = g_strchomp (g_strdup (crlf));
  g_clear_pointer (&a, alcove_sdp_info_free);
  a = assert_taken (no_end);
  g_assert_cmpuint (a->n_sections, ==, 3);
}

/* A carriage return ends a line for the link, so that nothing may stand behind it. */
static void
test_broken_lines (void)
{
  g_autofree char *good = load_sample ("chromium-offer-audio-video-data.sdp");
  g_auto (GStrv) lines = g_strsplit (good, "\r\n", -1);
  g_autofree char *doubled = g_strjoinv ("\r\r\n", lines);
  g_autoptr (AlcoveSdpInfo) info = assert_taken (doubled);
  g_auto (GStrv) parts = g_strsplit (good, "a=mid:1\r\n", 2);
  g_autofree char *broken = g_strconcat (parts[0], "a=mid:1\ra=mid:9\r\n", parts[1], NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (info->mids[1], ==, "1");
  g_assert_null (alcove_sdp_inspect (broken, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_SDP_INVALID);
}

static void
test_fingerprint_levels (void)
{
  g_autoptr (AlcoveSdpInfo) info = NULL;

  /* The session's own, in lower case, made uniform. */
  info = assert_taken (HEAD "a=fingerprint:SHA-256 aa" ":00:00:00:00:00:00:00:00:00:00:00:00:00:00"
                            ":00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01\r\n" AUDIO VIDEO);
  g_assert_cmpuint (g_strv_length (info->fingerprints), ==, 1);
  g_assert_cmpstr (info->fingerprints[0], ==, "sha-256 " FP_A);
  g_clear_pointer (&info, alcove_sdp_info_free);

  /* A section's own stands in the place of the session's. */
  info = assert_taken (HEAD LINE_A AUDIO LINE_B VIDEO LINE_B);
  g_assert_cmpuint (g_strv_length (info->fingerprints), ==, 1);
  g_assert_cmpstr (info->fingerprints[0], ==, "sha-256 " FP_B);
  g_clear_pointer (&info, alcove_sdp_info_free);

  /* Both hold where a section has none of its own. */
  info = assert_taken (HEAD LINE_A AUDIO LINE_B VIDEO);
  g_assert_cmpuint (g_strv_length (info->fingerprints), ==, 2);
  g_clear_pointer (&info, alcove_sdp_info_free);

  /* One section of a bundle may speak for the others. */
  info = assert_taken (HEAD "a=group:BUNDLE 0 1\r\n" AUDIO LINE_A "a=mid:0\r\n" VIDEO
                            "a=mid:1\r\n");
  g_assert_cmpuint (g_strv_length (info->fingerprints), ==, 1);
  g_clear_pointer (&info, alcove_sdp_info_free);

  /* A rejected section needs none, and its fingerprint counts for nothing. */
  info = assert_taken (HEAD AUDIO LINE_A "m=video 0 UDP/TLS/RTP/SAVPF 96\r\n" LINE_B);
  g_assert_cmpuint (g_strv_length (info->fingerprints), ==, 1);
  g_assert_cmpstr (info->fingerprints[0], ==, "sha-256 " FP_A);
}

static void
test_no_fingerprint (void)
{
  g_autofree char *crlf = load_sample ("chromium-offer-audio-video-data.sdp");
  g_auto (GStrv) lines = g_strsplit (crlf, "\r\n", -1);
  g_autoptr (GString) without = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (!g_str_has_prefix (lines[i], "a=fingerprint:"))
      g_string_append_printf (without, "%s\r\n", lines[i]);

  assert_refused (without->str, ALCOVE_ERROR_SDP_NO_FINGERPRINT);
  assert_refused (HEAD AUDIO, ALCOVE_ERROR_SDP_NO_FINGERPRINT);
  assert_refused (HEAD AUDIO LINE_A VIDEO, ALCOVE_ERROR_SDP_NO_FINGERPRINT);
  assert_refused (HEAD "a=group:BUNDLE 0\r\n" AUDIO LINE_A "a=mid:0\r\n" VIDEO "a=mid:1\r\n",
                  ALCOVE_ERROR_SDP_NO_FINGERPRINT);
  assert_refused (HEAD "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\n" LINE_A VIDEO,
                  ALCOVE_ERROR_SDP_NO_FINGERPRINT);
  assert_refused (HEAD "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\na=bundle-only\r\n",
                  ALCOVE_ERROR_SDP_NO_FINGERPRINT);
  /* Everything rejected: nobody to verify either. */
  assert_refused (HEAD LINE_A "m=audio 0 UDP/TLS/RTP/SAVPF 111\r\n",
                  ALCOVE_ERROR_SDP_NO_FINGERPRINT);
  /* A hash that must not be used is as good as none. */
  assert_refused (HEAD "a=fingerprint:md5 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"
                       AUDIO,
                  ALCOVE_ERROR_SDP_NO_FINGERPRINT);
}

static void
test_invalid (void)
{
  static const char *const bad[] = {
    "",
    "hello",
    "{\"type\":\"offer\"}",
    "v=0",
    "v=1\r\n",
    "\r\n" HEAD LINE_A AUDIO,
    HEAD,
    HEAD LINE_A,
    "v=0\r\ns=-\r\n" LINE_A AUDIO,
    "v=0\r\no=-\r\n" LINE_A AUDIO,
    "v=0\r\no=-  2 IN IP4 127.0.0.1\r\n" LINE_A AUDIO,
    HEAD "o=- 43 2 IN IP4 127.0.0.1\r\n" LINE_A AUDIO,
    "v=0\r\n" LINE_A AUDIO "o=- 42 2 IN IP4 127.0.0.1\r\n",
    HEAD "v=0\r\n" LINE_A AUDIO,
    HEAD LINE_A "m=audio\r\n",
    HEAD LINE_A "m=audio 9 UDP/TLS/RTP/SAVPF\r\n",
    HEAD LINE_A "m=audio nine UDP/TLS/RTP/SAVPF 111\r\n",
    HEAD LINE_A "m=audio 65536 UDP/TLS/RTP/SAVPF 111\r\n",
    HEAD LINE_A "m=audio -1 UDP/TLS/RTP/SAVPF 111\r\n",
    HEAD LINE_A AUDIO "no line\r\n",
    HEAD LINE_A AUDIO "\xff\xfe\r\n",
    HEAD LINE_A AUDIO "a=mid:0\r\n" VIDEO "a=mid:0\r\n",
    HEAD LINE_A AUDIO "a=mid:0\r\na=mid:1\r\n",
    HEAD LINE_A AUDIO "a=mid:\r\n",
    HEAD AUDIO "a=fingerprint:\r\n",
    HEAD AUDIO "a=fingerprint:sha-256\r\n",
    HEAD AUDIO "a=fingerprint:sha-256 AA:BB\r\n",
    HEAD AUDIO "a=fingerprint:sha-256 " FP_A ":00\r\n",
    HEAD AUDIO "a=fingerprint:sha-256 XX" ":00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00"
               ":00:00:00:00:00:00:00:00:00:00:00:00:00:01\r\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("description %" G_GSIZE_FORMAT, i);
      assert_refused (bad[i], ALCOVE_ERROR_SDP_INVALID);
    }
  assert_refused (NULL, ALCOVE_ERROR_SDP_INVALID);
}

static guint
count_lines (const char *text)
{
  guint n = 0;

  for (const char *at = strchr (text, '\n'); at != NULL; at = strchr (at + 1, '\n'))
    n++;
  return n;
}

static void
test_bounds (void)
{
  g_autoptr (GString) text = g_string_new (HEAD LINE_A);
  g_autoptr (AlcoveSdpInfo) info = NULL;

  for (guint i = 0; i < ALCOVE_SDP_MAX_SECTIONS; i++)
    g_string_append (text, AUDIO);
  info = assert_taken (text->str);
  g_assert_cmpuint (info->n_sections, ==, ALCOVE_SDP_MAX_SECTIONS);
  g_string_append (text, AUDIO);
  assert_refused (text->str, ALCOVE_ERROR_SDP_INVALID);

  /* few lines, of any length */
  g_string_assign (text, HEAD LINE_A AUDIO "a=x:");
  while (text->len < ALCOVE_SDP_MAX_LENGTH)
    g_string_append (text, "0123456789012345678901234567890123456789");
  g_string_truncate (text, ALCOVE_SDP_MAX_LENGTH - 2);
  g_string_append (text, "\r\n");
  g_clear_pointer (&info, alcove_sdp_info_free);
  info = assert_taken (text->str);
  g_string_append (text, "a=y:1\r\n");
  assert_refused (text->str, ALCOVE_ERROR_SDP_INVALID);

  g_string_assign (text, HEAD LINE_A AUDIO);
  for (guint n = count_lines (text->str); n < ALCOVE_SDP_MAX_LINES; n++)
    g_string_append (text, "a=x:1\r\n");
  g_clear_pointer (&info, alcove_sdp_info_free);
  info = assert_taken (text->str);
  g_string_append (text, "a=x:1\r\n");
  assert_refused (text->str, ALCOVE_ERROR_SDP_INVALID);

  g_string_assign (text, HEAD LINE_A "m=audio 9 UDP/TLS/RTP/SAVPF");
  for (guint i = 0; i < ALCOVE_SDP_MAX_FORMATS; i++)
    g_string_append_printf (text, " %u", i);
  {
    g_autofree char *line = g_strconcat (text->str, "\r\n", NULL);

    g_clear_pointer (&info, alcove_sdp_info_free);
    info = assert_taken (line);
  }
  g_string_append (text, " 255\r\n");
  assert_refused (text->str, ALCOVE_ERROR_SDP_INVALID);

  g_string_assign (text, HEAD AUDIO);
  for (guint i = 0; i < 40; i++)
    g_string_append_printf (text,
                            "a=fingerprint:sha-1 %02X:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00"
                            ":00:00:00:00\r\n",
                            i);
  assert_refused (text->str, ALCOVE_ERROR_SDP_INVALID);
}

/* Any bytes at all: the only demand is that it comes back with a result or an
 * error. The sanitizer builds look at the rest. */
static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240611);

  for (gsize name = 0; name < G_N_ELEMENTS (mutated); name++)
    {
      g_autofree char *original = load_sample (mutated[name]);

      for (guint round = 0; round < 2000; round++)
        {
          g_autofree char *text = mutate (rand, original);
          g_autoptr (GError) error = NULL;
          g_autoptr (AlcoveSdpInfo) info = alcove_sdp_inspect (text, &error);

          g_assert_true ((info == NULL) == (error != NULL));
          if (info == NULL)
            continue;
          g_assert_nonnull (info->fingerprints[0]);
          g_assert_cmpuint (info->n_sections, <=, ALCOVE_SDP_MAX_SECTIONS);
          g_assert_cmpuint (g_strv_length (info->mids), ==, info->n_sections);
        }
    }
}

static void
test_ufrags (void)
{
  g_autoptr (AlcoveSdpInfo) none = assert_taken (HEAD LINE_A AUDIO);
  g_autoptr (AlcoveSdpInfo) some = assert_taken (HEAD LINE_A "a=ice-ufrag:AbC+\r\n" AUDIO
                                                 "a=ice-ufrag:AbC+\r\n" VIDEO
                                                 "a=ice-ufrag:d/eF\r\n");
  g_autofree char *joined = g_strjoinv (" ", some->ufrags);
  g_autofree char *long_one = g_strnfill (257, 'u');
  g_autofree char *refused = g_strconcat (HEAD LINE_A AUDIO "a=ice-ufrag:", long_one, "\r\n", NULL);
  g_autofree char *candidate = g_strconcat ("candidate:1 ufrag ", long_one, NULL);
  g_autofree char *last = alcove_sdp_candidate_ufrag ("candidate:1 1 udp 1 a 1 ufrag AbC+");
  g_autofree char *inner = alcove_sdp_candidate_ufrag ("candidate:1 ufrag d/eF network-cost 999");

  g_assert_cmpuint (g_strv_length (none->ufrags), ==, 0);
  g_assert_cmpstr (joined, ==, "AbC+ d/eF");
  assert_refused (refused, ALCOVE_ERROR_SDP_INVALID);
  assert_refused (HEAD LINE_A AUDIO "a=ice-ufrag:\r\n", ALCOVE_ERROR_SDP_INVALID);

  g_assert_cmpstr (last, ==, "AbC+");
  g_assert_cmpstr (inner, ==, "d/eF");
  g_assert_null (alcove_sdp_candidate_ufrag (""));
  g_assert_null (alcove_sdp_candidate_ufrag ("candidate:1 ufrag "));
  g_assert_null (alcove_sdp_candidate_ufrag ("candidate:1 ufrag"));
  g_assert_null (alcove_sdp_candidate_ufrag (candidate));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sdp/samples", test_samples);
  g_test_add_func ("/sdp/refused-media", test_refused_media);
  g_test_add_func ("/sdp/directions", test_directions);
  g_test_add_func ("/sdp/line-ends", test_line_ends);
  g_test_add_func ("/sdp/broken-lines", test_broken_lines);
  g_test_add_func ("/sdp/fingerprint-levels", test_fingerprint_levels);
  g_test_add_func ("/sdp/no-fingerprint", test_no_fingerprint);
  g_test_add_func ("/sdp/invalid", test_invalid);
  g_test_add_func ("/sdp/ufrags", test_ufrags);
  g_test_add_func ("/sdp/bounds", test_bounds);
  g_test_add_func ("/sdp/mutations", test_mutations);
  return g_test_run ();
}
