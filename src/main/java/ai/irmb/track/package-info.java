/** Multi-object tracking (ByteTrack), and counting in zones and across lines. */
@NullMarked
package ai.irmb.track;

import org.jspecify.annotations.NullMarked;
