/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <gst/gst.h>

#include "alcove-capture-monitor.h"
#include "alcove-frame-planes.h"
#include "alcove-frame-slot.h"

#define WIDTH 320
#define HEIGHT 180

/* A picture without a byte that equals its neighbours. */
static GstBuffer *
make_buffer (GstVideoFormat format,
             GstVideoInfo *info)
{
  GstBuffer *buffer;
  GstMapInfo map;

  g_assert_true (gst_video_info_set_format (info, format, WIDTH, HEIGHT));
  buffer = gst_buffer_new_allocate (NULL, info->size, NULL);
  g_assert_true (gst_buffer_map (buffer, &map, GST_MAP_WRITE));
  for (gsize i = 0; i < map.size; i++)
    map.data[i] = (guint8) (i * 31 + i / 251);
  gst_buffer_unmap (buffer, &map);

  return buffer;
}

static AlcoveFrame *
keep (GstBuffer *buffer,
      const GstVideoInfo *info,
      int width,
      int height)
{
  GstVideoFrame picture;
  AlcoveFrame *frame;

  g_assert_true (gst_video_frame_map (&picture, info, buffer, GST_MAP_READ));
  frame = alcove_frame_planes_keep (&picture, width, height, 7);
  gst_video_frame_unmap (&picture);

  return frame;
}

static AlcoveFrame *
convert (GstBuffer *buffer,
         const GstVideoInfo *info)
{
  g_autoptr (AlcoveFrameConverter) converter = alcove_frame_converter_new ();
  GstVideoFrame picture;
  AlcoveFrame *frame;

  g_assert_true (gst_video_frame_map (&picture, info, buffer, GST_MAP_READ));
  frame = alcove_frame_converter_convert (converter, &picture, info->width, info->height, FALSE, 7);
  gst_video_frame_unmap (&picture);

  return frame;
}

/* The frame shows what the picture does, from the very same bytes. */
static void
assert_same (AlcoveFrame *frame,
             GstBuffer *buffer,
             const GstVideoInfo *info)
{
  gsize size;
  const guint8 *pixels = g_bytes_get_data (frame->pixels, &size);
  GstVideoFrame picture;

  g_assert_cmpint (frame->width, ==, info->width);
  g_assert_cmpint (frame->height, ==, info->height);
  g_assert_cmpint (frame->time, ==, 7);
  g_assert_false (frame->mirrored);
  g_assert_cmpuint (frame->stride, ==, frame->planes.stride[0]);
  g_assert_true (gst_video_frame_map (&picture, info, buffer, GST_MAP_READ));
  for (guint i = 0; i < GST_VIDEO_INFO_N_PLANES (info); i++)
    {
      gsize rows = (gsize) (i == 0 ? info->height : info->height / 2);

      g_assert_true (pixels + frame->planes.offset[i]
                     == (guint8 *) GST_VIDEO_FRAME_PLANE_DATA (&picture, i));
      g_assert_cmpuint (frame->planes.stride[i], ==,
                        (gsize) GST_VIDEO_FRAME_PLANE_STRIDE (&picture, i));
      g_assert_cmpuint (frame->planes.offset[i] + rows * frame->planes.stride[i], <=, size);
    }
  gst_video_frame_unmap (&picture);
}

static void
gone_cb (gpointer data,
         GstMiniObject *object)
{
  *(gboolean *) data = TRUE;
}

static void
test_kept (gconstpointer data)
{
  GstVideoFormat format = (GstVideoFormat) GPOINTER_TO_INT (data);
  GstVideoInfo info;
  GstBuffer *buffer = make_buffer (format, &info);
  AlcoveFrame *frame = keep (buffer, &info, WIDTH, HEIGHT);
  gboolean gone = FALSE;

  g_assert_nonnull (frame);
  g_assert_cmpint (frame->format, ==,
                   format == GST_VIDEO_FORMAT_I420 ? ALCOVE_FRAME_FORMAT_I420
                                                   : ALCOVE_FRAME_FORMAT_NV12);
  assert_same (frame, buffer, &info);

  /* nobody writes to it while it may be drawn, and it is kept until it is not */
  g_assert_false (gst_buffer_is_writable (buffer));
  gst_mini_object_weak_ref (GST_MINI_OBJECT (buffer), gone_cb, &gone);
  gst_buffer_unref (buffer);
  alcove_frame_ref (frame);
  alcove_frame_unref (frame);
  g_assert_false (gone);
  alcove_frame_unref (frame);
  g_assert_true (gone);
}

/* Rows with something behind them, and planes that begin anywhere, as decoders have them. */
static void
test_padded (void)
{
  gsize offset[GST_VIDEO_MAX_PLANES] = { 4096, 120000, 90000 };
  gint stride[GST_VIDEO_MAX_PLANES] = { 384, 192, 256 };
  g_autoptr (GstBuffer) buffer = gst_buffer_new_allocate (NULL, 140000, NULL);
  g_autoptr (AlcoveFrame) frame = NULL;
  GstVideoInfo info;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  gst_buffer_add_video_meta_full (buffer, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, WIDTH,
                                  HEIGHT, 3, offset, stride);
  frame = keep (buffer, &info, WIDTH, HEIGHT);
  g_assert_nonnull (frame);
  assert_same (frame, buffer, &info);
}

static void
test_colours (void)
{
  const struct {
    GstVideoColorMatrix matrix;
    GstVideoColorRange range;
    gboolean good;
    gboolean bt709;
    gboolean full_range;
  } all[] = {
    { GST_VIDEO_COLOR_MATRIX_BT601, GST_VIDEO_COLOR_RANGE_16_235, TRUE, FALSE, FALSE },
    { GST_VIDEO_COLOR_MATRIX_BT601, GST_VIDEO_COLOR_RANGE_0_255, TRUE, FALSE, TRUE },
    { GST_VIDEO_COLOR_MATRIX_BT709, GST_VIDEO_COLOR_RANGE_16_235, TRUE, TRUE, FALSE },
    { GST_VIDEO_COLOR_MATRIX_BT709, GST_VIDEO_COLOR_RANGE_0_255, TRUE, TRUE, TRUE },
    { GST_VIDEO_COLOR_MATRIX_UNKNOWN, GST_VIDEO_COLOR_RANGE_UNKNOWN, TRUE, FALSE, FALSE },
    { GST_VIDEO_COLOR_MATRIX_BT2020, GST_VIDEO_COLOR_RANGE_16_235, FALSE, FALSE, FALSE },
    { GST_VIDEO_COLOR_MATRIX_RGB, GST_VIDEO_COLOR_RANGE_0_255, FALSE, FALSE, FALSE },
  };
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = make_buffer (GST_VIDEO_FORMAT_I420, &info);

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (AlcoveFrame) frame = NULL;

      info.colorimetry.matrix = all[i].matrix;
      info.colorimetry.range = all[i].range;
      frame = keep (buffer, &info, WIDTH, HEIGHT);
      g_assert_cmpint (frame != NULL, ==, all[i].good);
      if (frame != NULL)
        {
          g_assert_cmpint (frame->planes.bt709, ==, all[i].bt709);
          g_assert_cmpint (frame->planes.full_range, ==, all[i].full_range);
        }
    }
}

static void
assert_not_kept (GstVideoFormat format,
                 guint width,
                 guint height,
                 int par_n,
                 GstVideoInterlaceMode mode)
{
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (AlcoveFrame) frame = NULL;
  GstVideoInfo info;

  gst_video_info_set_format (&info, format, width, height);
  info.par_n = par_n;
  info.interlace_mode = mode;
  buffer = gst_buffer_new_allocate (NULL, info.size, NULL);
  frame = keep (buffer, &info, (int) width, (int) height);
  g_assert_null (frame);
}

/* What a card can't be left to draw. */
static void
test_not_kept (void)
{
  const GstVideoInterlaceMode progressive = GST_VIDEO_INTERLACE_MODE_PROGRESSIVE;

  assert_not_kept (GST_VIDEO_FORMAT_Y444, 320, 180, 1, progressive);
  assert_not_kept (GST_VIDEO_FORMAT_YV12, 320, 180, 1, progressive);
  assert_not_kept (GST_VIDEO_FORMAT_BGRA, 320, 180, 1, progressive);
  assert_not_kept (GST_VIDEO_FORMAT_I420, 319, 180, 1, progressive);
  assert_not_kept (GST_VIDEO_FORMAT_NV12, 320, 179, 1, progressive);
  assert_not_kept (GST_VIDEO_FORMAT_I420, 4098, 2, 1, progressive);
  assert_not_kept (GST_VIDEO_FORMAT_I420, 2, 4098, 1, progressive);
  assert_not_kept (GST_VIDEO_FORMAT_I420, 320, 180, 2, progressive);
  assert_not_kept (GST_VIDEO_FORMAT_I420, 320, 180, 1, GST_VIDEO_INTERLACE_MODE_INTERLEAVED);
}

/* Drawn in less than half its size it would lose pixels. */
static void
test_small (void)
{
  const struct {
    int width, height;
    gboolean good;
  } all[] = { { 160, 90, TRUE }, { 159, 90, FALSE }, { 160, 89, FALSE }, { 1280, 720, TRUE } };
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = make_buffer (GST_VIDEO_FORMAT_I420, &info);

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (AlcoveFrame) frame = keep (buffer, &info, all[i].width, all[i].height);

      g_assert_cmpint (frame != NULL, ==, all[i].good);
    }
}

/* Parts of it are all over the place, or not all of it is meant. */
static void
test_odd_buffers (void)
{
  GstVideoInfo info;
  g_autoptr (GstBuffer) cropped = make_buffer (GST_VIDEO_FORMAT_I420, &info);
  g_autoptr (GstBuffer) pieces = gst_buffer_new ();
  g_autoptr (AlcoveFrame) a = NULL;
  g_autoptr (AlcoveFrame) b = NULL;

  gst_buffer_add_video_crop_meta (cropped)->width = WIDTH / 2;
  a = keep (cropped, &info, WIDTH, HEIGHT);
  g_assert_null (a);

  for (guint i = 0; i < 3; i++)
    gst_buffer_append_memory (
        pieces, gst_allocator_alloc (NULL, i == 0 ? WIDTH * HEIGHT : WIDTH * HEIGHT / 4, NULL));
  /* each is mapped for itself, else they would be merged */
  gst_buffer_add_video_meta_full (pieces, GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, WIDTH,
                                  HEIGHT, 3, info.offset, info.stride);
  b = keep (pieces, &info, WIDTH, HEIGHT);
  g_assert_null (b);
}

/* A pool with only so many buffers would run dry, and its decoder wait. */
static void
test_pool (gconstpointer data)
{
  guint max = GPOINTER_TO_UINT (data);
  g_autoptr (GstBufferPool) pool = gst_buffer_pool_new ();
  GstStructure *config = gst_buffer_pool_get_config (pool);
  GstBuffer *buffer = NULL;
  AlcoveFrame *frame;
  GstVideoInfo info;
  gpointer first;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_NV12, WIDTH, HEIGHT);
  gst_buffer_pool_config_set_params (config, NULL, (guint) info.size, 0, max);
  g_assert_true (gst_buffer_pool_set_config (pool, config));
  g_assert_true (gst_buffer_pool_set_active (pool, TRUE));
  g_assert_cmpint (gst_buffer_pool_acquire_buffer (pool, &buffer, NULL), ==, GST_FLOW_OK);
  first = buffer;
  frame = keep (buffer, &info, WIDTH, HEIGHT);
  gst_buffer_unref (buffer);
  if (max > 0)
    {
      g_assert_null (frame);
    }
  else
    {
      /* not used again before it was drawn, and then it is */
      g_assert_nonnull (frame);
      g_assert_cmpint (gst_buffer_pool_acquire_buffer (pool, &buffer, NULL), ==, GST_FLOW_OK);
      g_assert_true (buffer != first);
      alcove_frame_unref (frame);
      gst_buffer_unref (buffer);
    }
  g_assert_cmpint (gst_buffer_pool_acquire_buffer (pool, &buffer, NULL), ==, GST_FLOW_OK);
  g_assert_true (max == 0 || buffer == first);
  gst_buffer_unref (buffer);
  gst_buffer_pool_set_active (pool, FALSE);
}

/* Memory that isn't ordinary; what is kept of it is only the name. */
typedef GstAllocator DriverAllocator;
typedef GstAllocatorClass DriverAllocatorClass;

static GType driver_allocator_get_type (void);
G_DEFINE_TYPE (DriverAllocator, driver_allocator, GST_TYPE_ALLOCATOR)

typedef struct {
  GstMemory memory;
  guint8 *data;
} DriverMemory;

static GstMemory *
driver_alloc (GstAllocator *allocator,
              gsize size,
              GstAllocationParams *params)
{
  DriverMemory *self = g_new0 (DriverMemory, 1);

  self->data = g_malloc0 (size);
  gst_memory_init (GST_MEMORY_CAST (self), 0, allocator, NULL, size, 0, 0, size);
  return GST_MEMORY_CAST (self);
}

static void
driver_free (GstAllocator *allocator,
             GstMemory *memory)
{
  g_free (((DriverMemory *) memory)->data);
  g_free (memory);
}

static gpointer
driver_map (GstMemory *memory,
            gsize size,
            GstMapFlags flags)
{
  return ((DriverMemory *) memory)->data;
}

static void
driver_unmap (GstMemory *memory)
{
}

static void
driver_allocator_class_init (DriverAllocatorClass *klass)
{
  klass->alloc = driver_alloc;
  klass->free = driver_free;
}

static void
driver_allocator_init (DriverAllocator *self)
{
  self->mem_type = "Driver";
  self->mem_map = driver_map;
  self->mem_unmap = driver_unmap;
}

static void
test_driver (void)
{
  g_autoptr (GstAllocator) allocator
      = gst_object_ref_sink (g_object_new (driver_allocator_get_type (), NULL));
  g_autoptr (GstBuffer) buffer = NULL;
  g_autoptr (AlcoveFrame) frame = NULL;
  GstVideoInfo info;

  gst_video_info_set_format (&info, GST_VIDEO_FORMAT_I420, WIDTH, HEIGHT);
  buffer = gst_buffer_new_allocate (allocator, info.size, NULL);
  frame = keep (buffer, &info, WIDTH, HEIGHT);
  g_assert_null (frame);
}

/* What is made of the planes later is what would have been made of the picture. */
static void
test_flatten (gconstpointer data)
{
  GstVideoFormat format = (GstVideoFormat) GPOINTER_TO_INT (data);
  g_autoptr (AlcoveFrameConverter) converter = alcove_frame_converter_new ();
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = make_buffer (format, &info);

  for (int i = 0; i < 4; i++)
    {
      g_autoptr (AlcoveFrame) frame = NULL;
      g_autoptr (AlcoveFrame) flat = NULL;
      g_autoptr (AlcoveFrame) again = NULL;
      g_autoptr (AlcoveFrame) expected = NULL;

      info.colorimetry.matrix
          = i < 2 ? GST_VIDEO_COLOR_MATRIX_BT601 : GST_VIDEO_COLOR_MATRIX_BT709;
      info.colorimetry.range
          = i % 2 == 0 ? GST_VIDEO_COLOR_RANGE_16_235 : GST_VIDEO_COLOR_RANGE_0_255;
      frame = keep (buffer, &info, WIDTH, HEIGHT);
      g_assert_nonnull (frame);
      flat = alcove_frame_planes_flatten (frame, converter);
      expected = convert (buffer, &info);
      g_assert_cmpint (flat->format, ==, ALCOVE_FRAME_FORMAT_BGRA);
      g_assert_cmpint (flat->time, ==, 7);
      g_assert_true (g_bytes_equal (flat->pixels, expected->pixels));

      again = alcove_frame_planes_flatten (flat, converter);
      g_assert_true (again == flat);
    }
}

/* Who draws says what is welcome. */
static void
test_welcome (void)
{
  g_autoptr (AlcoveCaptureMonitor) monitor = alcove_capture_monitor_new (WIDTH, HEIGHT);
  AlcoveFrameSlot *slot = alcove_capture_monitor_get_preview (monitor);
  GstVideoInfo info;
  g_autoptr (GstBuffer) buffer = make_buffer (GST_VIDEO_FORMAT_I420, &info);

  alcove_frame_slot_set_size (slot, 200, 180);
  for (int i = 0; i < 3; i++)
    {
      g_autoptr (AlcoveFrame) frame = NULL;

      g_assert_cmpint (alcove_frame_slot_get_planar (slot), ==, i == 1);
      alcove_capture_monitor_add_picture (monitor, buffer);
      frame = alcove_frame_slot_take (slot);
      g_assert_nonnull (frame);
      g_assert_cmpint (frame->format, ==,
                       i == 1 ? ALCOVE_FRAME_FORMAT_I420 : ALCOVE_FRAME_FORMAT_BGRA);
      g_assert_cmpint (frame->width, ==, i == 1 ? WIDTH : 200);
      alcove_frame_slot_set_planar (slot, i == 0);
    }
}

int
main (int argc,
      char *argv[])
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/media/frame-planes/kept/i420", GINT_TO_POINTER (GST_VIDEO_FORMAT_I420),
                        test_kept);
  g_test_add_data_func ("/media/frame-planes/kept/nv12", GINT_TO_POINTER (GST_VIDEO_FORMAT_NV12),
                        test_kept);
  g_test_add_func ("/media/frame-planes/padded", test_padded);
  g_test_add_func ("/media/frame-planes/colours", test_colours);
  g_test_add_func ("/media/frame-planes/not-kept", test_not_kept);
  g_test_add_func ("/media/frame-planes/small", test_small);
  g_test_add_func ("/media/frame-planes/odd-buffers", test_odd_buffers);
  g_test_add_data_func ("/media/frame-planes/pool/endless", GUINT_TO_POINTER (0), test_pool);
  g_test_add_data_func ("/media/frame-planes/pool/small", GUINT_TO_POINTER (1), test_pool);
  g_test_add_func ("/media/frame-planes/driver", test_driver);
  g_test_add_data_func ("/media/frame-planes/flatten/i420", GINT_TO_POINTER (GST_VIDEO_FORMAT_I420),
                        test_flatten);
  g_test_add_data_func ("/media/frame-planes/flatten/nv12", GINT_TO_POINTER (GST_VIDEO_FORMAT_NV12),
                        test_flatten);
  g_test_add_func ("/media/frame-planes/welcome", test_welcome);

  return g_test_run ();
}
