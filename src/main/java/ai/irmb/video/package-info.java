/**
 * Videos and cameras, frame by frame, through JavaCV's FFmpeg, which the application adds: {@code
 * org.bytedeco:javacv} and {@code org.bytedeco:ffmpeg-platform}.
 */
@NullMarked
package ai.irmb.video;

import org.jspecify.annotations.NullMarked;
