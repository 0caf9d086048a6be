package ai.irmb.spring;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Bounds the time in which the body of a request is read. Tomcat's own timeout is for each read, so
 * that a client which sends a byte now and then could hold a connection forever.
 *
 * <p>The bound is checked between reads: add {@code server.tomcat.connection-timeout}, the longest
 * that one read takes.
 */
final class UploadTimeoutValve extends ValveBase {
  private final Duration timeout;

  UploadTimeoutValve(Duration timeout) {
    super(true);
    this.timeout = timeout;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    org.apache.coyote.Request coyote = request.getCoyoteRequest();
    InputBuffer body = coyote.getInputBuffer();
    // Tomcat uses the object again for later requests.
    InputBuffer original = body instanceof TimedBody timed ? timed.body : body;
    coyote.setInputBuffer(new TimedBody(coyote, original, System.nanoTime()));
    getNext().invoke(request, response);
  }

  /** A request's body that ends with an exception when the time is over. */
  private final class TimedBody implements InputBuffer {
    private final org.apache.coyote.Request request;
    private final InputBuffer body;
    private final long start;

    TimedBody(org.apache.coyote.Request request, InputBuffer body, long start) {
      this.request = request;
      this.body = body;
      this.start = start;
    }

    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
      if (System.nanoTime() - start > timeout.toNanos()) {
        // Otherwise Tomcat would read the rest after the response.
        request.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        throw new SocketTimeoutException(
            "the upload did not end within " + timeout + " (irmb.web.upload-timeout)");
      }
      return body.doRead(handler);
    }

    @Override
    public int available() {
      return body.available();
    }
  }
}
