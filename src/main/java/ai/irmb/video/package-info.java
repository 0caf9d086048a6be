/**
 * Videos and cameras, image by image, through JavaCV's FFmpeg, which an application brings itself:
 * {@code org.bytedeco:javacv} and {@code org.bytedeco:ffmpeg-platform}.
 */
@NullMarked
package ai.irmb.video;

import org.jspecify.annotations.NullMarked;
