package example;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More and slower uploads than the service has room for. */
class OverloadIT {
  private static final int UPLOADS = 50;

  @TempDir private Path folder;

  /** Fifty images of 23 megapixels, each 70 MB decoded, in a heap of 512 MB. */
  @Test
  void refusesWhatItHasNoRoomForAndServesTheRest() throws Exception {
    byte[] large = largeJpeg();
    try (RunningService service =
        new RunningService(folder, List.of("-Xmx512m"), "--irmb.calls.max-waiting=20", "--irmb.calls.max-wait=10m")) {
      ExecutorService callers = Executors.newFixedThreadPool(UPLOADS);
      List<Future<HttpResponse<String>>> responses = new ArrayList<>();
      for (int i = 0; i < UPLOADS; i++) {
        responses.add(callers.submit(() -> service.upload("image", "large.jpg", large)));
      }
      int served = 0;
      for (Future<HttpResponse<String>> future : responses) {
        HttpResponse<String> response = future.get();
        assertThat(response.statusCode()).as(response.body()).isIn(200, 503);
        if (response.statusCode() == 503) {
          assertThat(response.headers().firstValue("Retry-After")).contains("1");
          assertThat(response.body()).contains("The service is overloaded: ");
        } else {
          served++;
        }
      }
      callers.shutdown();
      assertThat(served).isPositive().isLessThan(UPLOADS);
      assertThat(service.log()).doesNotContain("OutOfMemory", "ERROR");
      assertThat(
              service
                  .upload("image", "one.jpg", Files.readAllBytes(RunningService.IMAGE))
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void endsAnUploadThatIsTooSlow() throws Exception {
    try (RunningService service = new RunningService(folder, "--irmb.web.upload-timeout=1s");
        Socket socket = new Socket("localhost", service.socketPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /detect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
                  + "Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      // A byte now and then keeps every single read short.
      while (socket.getInputStream().available() == 0) {
        out.write('a');
        out.flush();
        Thread.sleep(100);
      }
      String response =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(response).startsWith("HTTP/1.1 408");
    }
  }

  private static byte[] largeJpeg() throws Exception {
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(5760, 4000, BufferedImage.TYPE_INT_RGB), "jpg", jpeg);
    return jpeg.toByteArray();
  }
}
