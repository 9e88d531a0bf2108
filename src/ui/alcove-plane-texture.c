/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-plane-texture"

#include "config.h"

#include "alcove-plane-texture.h"

#include <time.h>

#include "alcove-frame-planes.h"
#include "alcove-symbol.h"

/* The picture of the trial: a colour in each quarter, rows longer than they need be, and planes with
 * something between. */
#define TRIAL_SIDE 16
#define TRIAL_STRIDE 48
#define TRIAL_GAP 96

/* The picture that is drawn to find out what it costs, and how often: whatever else runs meanwhile
 * only ever adds to it. */
#define COST_WIDTH 320
#define COST_HEIGHT 180
#define COST_ROUNDS 5

/* What is lost on the way there and back, and by a card that counts less exactly. */
#define TRIAL_TOLERANCE 8

/* Code points of ITU-T H.273. What comes from cameras is drawn by everybody as if it were meant for
 * the screen as it is, so its brightness is that of sRGB. */
#define CICP_PRIMARIES_SRGB 1
#define CICP_TRANSFER_SRGB 13
#define CICP_MATRIX_BT709 1
#define CICP_MATRIX_BT601 6

/* GdkMemoryTextureBuilder and GdkCicpParams, of which the headers of the oldest GTK know nothing. */
typedef struct {
  gpointer (*builder_new) (void);
  void (*builder_set_bytes) (gpointer builder,
                             GBytes *bytes);
  void (*builder_set_stride_for_plane) (gpointer builder,
                                        guint plane,
                                        gsize stride);
  void (*builder_set_offset) (gpointer builder,
                              guint plane,
                              gsize offset);
  void (*builder_set_width) (gpointer builder,
                             int width);
  void (*builder_set_height) (gpointer builder,
                              int height);
  void (*builder_set_format) (gpointer builder,
                              GdkMemoryFormat format);
  void (*builder_set_color_state) (gpointer builder,
                                   gpointer state);
  GdkTexture *(*builder_build) (gpointer builder);
  gpointer (*cicp_new) (void);
  void (*cicp_set_color_primaries) (gpointer params,
                                    guint primaries);
  void (*cicp_set_transfer_function) (gpointer params,
                                      guint function);
  void (*cicp_set_matrix_coefficients) (gpointer params,
                                        guint matrix);
  void (*cicp_set_range) (gpointer params,
                          int range);
  gpointer (*cicp_build_color_state) (gpointer params,
                                      GError **error);
  void (*color_state_unref) (gpointer state);
} Functions;

typedef enum {
  UNKNOWN,
  YES,
  NO,
} Finding;

/* What is known of a renderer. */
typedef struct {
  Finding works;
  Finding pays;
  Functions functions;
  GdkMemoryFormat i420;
  GdkMemoryFormat nv12;
  gpointer colours[2][2]; /* BT.601 and BT.709, of narrow and of full range */
} State;

static gboolean
find_functions (Functions *functions)
{
  const struct {
    const char *name;
    gpointer *symbol;
  } symbols[] = {
    { "gdk_memory_texture_builder_new", (gpointer *) &functions->builder_new },
    { "gdk_memory_texture_builder_set_bytes", (gpointer *) &functions->builder_set_bytes },
    { "gdk_memory_texture_builder_set_stride_for_plane",
      (gpointer *) &functions->builder_set_stride_for_plane },
    { "gdk_memory_texture_builder_set_offset", (gpointer *) &functions->builder_set_offset },
    { "gdk_memory_texture_builder_set_width", (gpointer *) &functions->builder_set_width },
    { "gdk_memory_texture_builder_set_height", (gpointer *) &functions->builder_set_height },
    { "gdk_memory_texture_builder_set_format", (gpointer *) &functions->builder_set_format },
    { "gdk_memory_texture_builder_set_color_state",
      (gpointer *) &functions->builder_set_color_state },
    { "gdk_memory_texture_builder_build", (gpointer *) &functions->builder_build },
    { "gdk_cicp_params_new", (gpointer *) &functions->cicp_new },
    { "gdk_cicp_params_set_color_primaries", (gpointer *) &functions->cicp_set_color_primaries },
    { "gdk_cicp_params_set_transfer_function",
      (gpointer *) &functions->cicp_set_transfer_function },
    { "gdk_cicp_params_set_matrix_coefficients",
      (gpointer *) &functions->cicp_set_matrix_coefficients },
    { "gdk_cicp_params_set_range", (gpointer *) &functions->cicp_set_range },
    { "gdk_cicp_params_build_color_state", (gpointer *) &functions->cicp_build_color_state },
    { "gdk_color_state_unref", (gpointer *) &functions->color_state_unref },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    {
      *symbols[i].symbol = alcove_symbol_find (symbols[i].name);
      if (*symbols[i].symbol == NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
find_format (const char *nick,
             GdkMemoryFormat *format)
{
  GEnumClass *formats = g_type_class_ref (GDK_TYPE_MEMORY_FORMAT);
  const GEnumValue *value = g_enum_get_value_by_nick (formats, nick);

  if (value != NULL)
    *format = (GdkMemoryFormat) value->value;
  g_type_class_unref (formats);

  return value != NULL;
}

static gpointer
make_colours (const Functions *functions,
              gboolean bt709,
              gboolean full_range)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) params = functions->cicp_new ();
  gpointer state;

  functions->cicp_set_color_primaries (params, CICP_PRIMARIES_SRGB);
  functions->cicp_set_transfer_function (params, CICP_TRANSFER_SRGB);
  functions->cicp_set_matrix_coefficients (params, bt709 ? CICP_MATRIX_BT709 : CICP_MATRIX_BT601);
  functions->cicp_set_range (params, full_range ? 1 : 0);
  state = functions->cicp_build_color_state (params, &error);
  if (state == NULL)
    g_debug ("No such colours: %s", error->message);
  return state;
}

static GdkTexture *
make_texture (State *self,
              AlcoveFrame *frame)
{
  const Functions *functions = &self->functions;
  gpointer *colours
      = &self->colours[frame->planes.bt709 ? 1 : 0][frame->planes.full_range ? 1 : 0];
  gboolean nv12 = frame->format == ALCOVE_FRAME_FORMAT_NV12;
  g_autoptr (GObject) builder = NULL;

  if (*colours == NULL)
    *colours = make_colours (functions, frame->planes.bt709, frame->planes.full_range);
  if (*colours == NULL)
    return NULL;

  builder = functions->builder_new ();
  functions->builder_set_bytes (builder, frame->pixels);
  functions->builder_set_width (builder, frame->width);
  functions->builder_set_height (builder, frame->height);
  functions->builder_set_format (builder, nv12 ? self->nv12 : self->i420);
  functions->builder_set_color_state (builder, *colours);
  for (guint i = 0; i < (nv12 ? 2 : 3); i++)
    {
      functions->builder_set_offset (builder, i, frame->planes.offset[i]);
      functions->builder_set_stride_for_plane (builder, i, frame->planes.stride[i]);
    }

  return functions->builder_build (builder);
}

static const guint8 trial_colours[4][3]
    = { { 200, 30, 40 }, { 40, 190, 60 }, { 50, 60, 210 }, { 230, 220, 120 } };

/* As the standards have it. */
static void
encode (const guint8 rgb[3],
        gboolean bt709,
        gboolean full_range,
        guint8 yuv[3])
{
  double kr = bt709 ? 0.2126 : 0.299, kb = bt709 ? 0.0722 : 0.114;
  double y = kr * rgb[0] + (1 - kr - kb) * rgb[1] + kb * rgb[2];
  double scale_y = full_range ? 1 : 219.0 / 255, scale_c = full_range ? 1 : 224.0 / 255;

  yuv[0] = (guint8) ((full_range ? 0 : 16) + y * scale_y + 0.5);
  yuv[1] = (guint8) (128 + (rgb[2] - y) / (2 * (1 - kb)) * scale_c + 0.5);
  yuv[2] = (guint8) (128 + (rgb[0] - y) / (2 * (1 - kr)) * scale_c + 0.5);
}

static AlcoveFrame *
make_trial_frame (AlcoveFrameFormat format,
                  gboolean bt709,
                  gboolean full_range)
{
  const gsize half = TRIAL_SIDE / 2;
  AlcoveFramePlanes planes = { .bt709 = bt709, .full_range = full_range };
  gsize n_planes = format == ALCOVE_FRAME_FORMAT_NV12 ? 2 : 3, size = 0;
  g_autoptr (GBytes) pixels = NULL;
  guint8 *data;

  for (gsize i = 0; i < n_planes; i++)
    {
      planes.offset[i] = size;
      planes.stride[i] = TRIAL_STRIDE;
      size += TRIAL_STRIDE * (i == 0 ? TRIAL_SIDE : half) + (i + 1 < n_planes ? TRIAL_GAP : 0);
    }
  data = g_malloc0 (size);
  pixels = g_bytes_new_take (data, size);
  for (gsize y = 0; y < TRIAL_SIDE; y++)
    for (gsize x = 0; x < TRIAL_SIDE; x++)
      {
        guint8 yuv[3];

        encode (trial_colours[y / half * 2 + x / half], bt709, full_range, yuv);
        data[y * TRIAL_STRIDE + x] = yuv[0];
        for (gsize c = 0; c < 2; c++)
          if (n_planes == 2)
            data[planes.offset[1] + y / 2 * TRIAL_STRIDE + x / 2 * 2 + c] = yuv[1 + c];
          else
            data[planes.offset[1 + c] + y / 2 * TRIAL_STRIDE + x / 2] = yuv[1 + c];
      }

  return alcove_frame_new_planar (pixels, format, &planes, TRIAL_SIDE, TRIAL_SIDE, 0);
}

/* Whether the middle of each quarter of each picture has its colour. */
static gboolean
check_trial (GdkTexture *texture,
             gsize n)
{
  gsize stride = TRIAL_SIDE * n * 4;
  g_autofree guint8 *pixels = NULL;

  if (gdk_texture_get_width (texture) != (int) (TRIAL_SIDE * n)
      || gdk_texture_get_height (texture) != TRIAL_SIDE)
    return FALSE;

  pixels = g_malloc (stride * TRIAL_SIDE);
  gdk_texture_download (texture, pixels, stride);
  for (gsize i = 0; i < 4 * n; i++)
    {
      gsize x = i / 4 * TRIAL_SIDE + TRIAL_SIDE / 4 + i % 2 * (TRIAL_SIDE / 2);
      gsize y = TRIAL_SIDE / 4 + i % 4 / 2 * (TRIAL_SIDE / 2);
      guint32 pixel;

      memcpy (&pixel, pixels + y * stride + x * 4, sizeof pixel);
      for (int c = 0; c < 3; c++)
        if (ABS ((int) (pixel >> (16 - 8 * c) & 0xff) - trial_colours[i % 4][c]) > TRIAL_TOLERANCE)
          {
            g_debug ("Quarter %zu of picture %zu has the colour %06x", i % 4, i / 4,
                     pixel & 0xffffff);
            return FALSE;
          }
    }

  return TRUE;
}

/* All kinds of planes side by side, drawn at once. */
static gboolean
try_planes (State *self,
            GskRenderer *renderer)
{
  g_autoptr (GdkTexture) drawn = NULL;
  GskRenderNode *nodes[8], *node;
  gsize n = 0;

  for (; n < G_N_ELEMENTS (nodes); n++)
    {
      g_autoptr (AlcoveFrame) frame
          = make_trial_frame ((n & 1) != 0 ? ALCOVE_FRAME_FORMAT_NV12 : ALCOVE_FRAME_FORMAT_I420,
                              (n & 2) != 0, (n & 4) != 0);
      g_autoptr (GdkTexture) texture = make_texture (self, frame);

      if (texture == NULL)
        break;
      nodes[n] = gsk_texture_node_new (
          texture, &GRAPHENE_RECT_INIT ((float) (n * TRIAL_SIDE), 0, TRIAL_SIDE, TRIAL_SIDE));
    }
  node = gsk_container_node_new (nodes, (guint) n);
  if (n == G_N_ELEMENTS (nodes))
    drawn = gsk_renderer_render_texture (
        renderer, node, &GRAPHENE_RECT_INIT (0, 0, (float) (n * TRIAL_SIDE), TRIAL_SIDE));
  for (gsize i = 0; i < n; i++)
    gsk_render_node_unref (nodes[i]);
  gsk_render_node_unref (node);

  return drawn != NULL && check_trial (drawn, n);
}

static AlcoveFrame *
make_cost_frame (void)
{
  const gsize luma = COST_WIDTH * COST_HEIGHT;
  const AlcoveFramePlanes planes = { .offset = { 0, luma, luma * 5 / 4 },
                                     .stride = { COST_WIDTH, COST_WIDTH / 2, COST_WIDTH / 2 } };
  guint8 *data = g_malloc (luma * 3 / 2);
  g_autoptr (GBytes) pixels = g_bytes_new_take (data, luma * 3 / 2);

  for (gsize i = 0; i < luma * 3 / 2; i++)
    data[i] = (guint8) (16 + i * 7 % 200);
  return alcove_frame_new_planar (pixels, ALCOVE_FRAME_FORMAT_I420, &planes, COST_WIDTH,
                                  COST_HEIGHT, 0);
}

/* Draws @texture and waits for it, as the screen does. */
static void
draw_once (GskRenderer *renderer,
           GdkTexture *texture,
           guint8 *pixels)
{
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, COST_WIDTH, COST_HEIGHT);
  GskRenderNode *node = gsk_texture_node_new (texture, &bounds);
  g_autoptr (GdkTexture) drawn = gsk_renderer_render_texture (renderer, node, &bounds);

  gdk_texture_download (drawn, pixels, COST_WIDTH * 4);
  gsk_render_node_unref (node);
}

/* Where the card is a program, its conversion and filter cost more than ours. Processor time of all
 * threads tells, whatever the card calls itself. */
static gboolean
try_cost (State *self,
          GskRenderer *renderer)
{
  g_autofree guint8 *pixels = g_malloc (COST_WIDTH * COST_HEIGHT * 4);
  g_autoptr (AlcoveFrameConverter) converter = alcove_frame_converter_new ();
  g_autoptr (AlcoveFrame) frame = make_cost_frame ();
  clock_t planar = 0, flat = 0;

  for (int i = 0; i < COST_ROUNDS; i++)
    {
      clock_t begin = clock (), middle, end;
      g_autoptr (GdkTexture) a = make_texture (self, frame);
      g_autoptr (GdkTexture) b = NULL;
      g_autoptr (AlcoveFrame) converted = NULL;

      if (a == NULL)
        return FALSE;
      draw_once (renderer, a, pixels);
      middle = clock ();
      converted = alcove_frame_planes_flatten (frame, converter);
      if (converted == NULL)
        return TRUE;
      b = gdk_memory_texture_new (COST_WIDTH, COST_HEIGHT, GDK_MEMORY_DEFAULT, converted->pixels,
                                  converted->stride);
      draw_once (renderer, b, pixels);
      end = clock ();

      planar = i == 0 ? middle - begin : MIN (planar, middle - begin);
      flat = i == 0 ? end - middle : MIN (flat, end - middle);
    }

  g_debug ("A picture costs %ld µs from planes, %ld µs from BGRA",
           (long) (planar * G_USEC_PER_SEC / CLOCKS_PER_SEC),
           (long) (flat * G_USEC_PER_SEC / CLOCKS_PER_SEC));
  return planar < flat;
}

static void
state_free (gpointer data)
{
  State *self = data;

  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++)
      if (self->colours[i][j] != NULL)
        self->functions.color_state_unref (self->colours[i][j]);
  g_free (self);
}

static State *
get_state (GskRenderer *renderer)
{
  GQuark quark = g_quark_from_static_string ("alcove-plane-texture");
  State *self = g_object_get_qdata (G_OBJECT (renderer), quark);

  if (self != NULL)
    return self;

  self = g_new0 (State, 1);
  g_object_set_qdata_full (G_OBJECT (renderer), quark, self, state_free);
  if (GSK_IS_CAIRO_RENDERER (renderer) || !find_format ("g8-b8-r8-420", &self->i420)
      || !find_format ("g8-b8r8-420", &self->nv12) || !find_functions (&self->functions))
    self->works = self->pays = NO;
  return self;
}

static gboolean
get_works (State *self,
           GskRenderer *renderer)
{
  if (self->works == UNKNOWN)
    self->works = try_planes (self, renderer) ? YES : NO;

  return self->works == YES;
}

/**
 * alcove_plane_texture_pays:
 * @renderer: a realized renderer
 *
 * Finds out, once for each renderer: draws a picture both ways and looks at the time that takes, then
 * small ones from all kinds of planes and looks at their colours.
 *
 * Returns: whether planes are drawn, in the right colours, and at less cost than BGRA
 */
gboolean
alcove_plane_texture_pays (GskRenderer *renderer)
{
  State *self = get_state (renderer);

  if (self->pays == UNKNOWN)
    {
      /* there may be a program to compile for each kind, so the kinds come last */
      self->pays = try_cost (self, renderer) && get_works (self, renderer) ? YES : NO;
      g_debug ("%s draws pictures from %s", G_OBJECT_TYPE_NAME (renderer),
               self->pays == YES ? "a decoder's planes" : "BGRA");
    }

  return self->pays == YES;
}

/**
 * alcove_plane_texture_new:
 * @renderer: a realized renderer
 * @frame: a frame that is not BGRA
 *
 * A renderer for which this fails is not tried again.
 *
 * Returns: (transfer full) (nullable): a texture of its planes, which are not copied; %NULL where they
 *   can't be drawn
 */
GdkTexture *
alcove_plane_texture_new (GskRenderer *renderer,
                          AlcoveFrame *frame)
{
  State *self = get_state (renderer);
  GdkTexture *texture = get_works (self, renderer) ? make_texture (self, frame) : NULL;

  if (texture == NULL)
    self->works = self->pays = NO;
  return texture;
}
