/** Multi-object tracking (ByteTrack). */
@NullMarked
package ai.irmb.track;

import org.jspecify.annotations.NullMarked;
