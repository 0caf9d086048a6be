package ai.irmb;

import ai.irmb.image.RgbImage;
import ai.irmb.testing.Shared;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.*;
import org.junit.jupiter.api.Test;

class MosaicExperiment {
  record Gt(int c, Box b) {}
  @Test
  void run() throws Exception {
    Path dir = Shared.path("data/bccd");
    List<Path> files = new ArrayList<>(Files.list(dir.resolve("images/test")).sorted().toList());
    for (String w : List.of("bccd-yolov5n_iRMB", "bccd-yolov5n_iRMB-bottleneck"))
    try (Detector d = Detector.builder().weights(Path.of("models/"+w+".pt")).build()) {
      for (int n : new int[] {4, 2}) {
        int up = n == 4 ? 1 : 2;
        int W = n*640*up, H = n*480*up;
        double[][] sum = new double[9][4]; int gts=0;
        String[] names = {"whole","single","640/.2","640/.2 no whole","640x480 .2","512/.25","640/.3","slice320", "1280/.2"};
        for (int off = 0; off + n*n <= files.size(); off += n*n) {
          if (n==2 && off >= 16) break;
          byte[] px = new byte[3*W*H]; List<Gt> gt = new ArrayList<>(); List<Detection> single = new ArrayList<>();
          for (int k = 0; k < n*n; k++) {
            RgbImage p = RgbImage.read(files.get(off+k));
            int ox = (k%n)*640, oy=(k/n)*480;
            for (int y=0;y<480*up;y++) for (int x=0;x<640*up;x++) { int v=p.rgb(Math.min(x/up,p.width()-1),Math.min(y/up,p.height()-1)); int at=3*((oy*up+y)*W+ox*up+x); px[at]=(byte)(v>>16); px[at+1]=(byte)(v>>8); px[at+2]=(byte)v; }
            String nm = files.get(off+k).getFileName().toString().replace(".jpg",".txt");
            for (String l : Files.readAllLines(dir.resolve("labels/test/"+nm))) { String[] q=l.split(" "); double cx=Double.parseDouble(q[1])*640,cy=Double.parseDouble(q[2])*480,w2=Double.parseDouble(q[3])*320,h2=Double.parseDouble(q[4])*240;
              gt.add(new Gt(Integer.parseInt(q[0]), new Box((float)(up*(ox+cx-w2)),(float)(up*(oy+cy-h2)),(float)(up*(ox+cx+w2)),(float)(up*(oy+cy+h2))))); }
            for (Detection e : d.detect(p)) single.add(new Detection(e.classId(), e.label(), e.confidence(), new Box(up*(e.box().x1()+ox),up*(e.box().y1()+oy),up*(e.box().x2()+ox),up*(e.box().y2()+oy))));
          }
          RgbImage m = RgbImage.of(W,H,px);
          gts += gt.size();
          DetectOptions o = DetectOptions.DEFAULTS.withMaxDetections(1000);
          List<List<Detection>> all = List.of(d.detect(m,o).all(), single,
             d.detect(m,o.withSlices(Slices.of(640*up))).all(), d.detect(m,o.withSlices(Slices.of(640*up).withWhole(false))).all(),
             d.detect(m,o.withSlices(Slices.of(480*up,640*up))).all(), d.detect(m,o.withSlices(Slices.of(512*up).withOverlap(.25))).all(),
             d.detect(m,o.withSlices(Slices.of(640*up).withOverlap(.3))).all(), d.detect(m,o.withSlices(Slices.of(320*up))).all(), d.detect(m,o.withSlices(Slices.of(1280*up))).all());
          for (int i=0;i<all.size();i++) { double[] r=eval(all.get(i),gt); for(int j=0;j<4;j++) sum[i][j]+=r[j]; }
        }
        for (int i=0;i<names.length;i++) System.out.printf("%s %dx%d mosaics %d %-18s found %d recall %.3f precision %.3f doubled %.0f fp %.0f%n", w, W,H, n, names[i], (int)sum[i][3], sum[i][0]/gts, sum[i][0]/Math.max(1,sum[i][3]), sum[i][1], sum[i][2]);
      }
    }
  }
  static double[] eval(List<Detection> ds, List<Gt> gt) {
    boolean[] used = new boolean[gt.size()]; int tp=0, dbl=0, fp=0;
    for (Detection d : ds) { int best=-1; float bi=.5f; int any=-1; 
      for (int i=0;i<gt.size();i++) { if (gt.get(i).c!=d.classId()) continue; float u=gt.get(i).b.iou(d.box()); if (u>=.5f) any=i; if(!used[i] && u>=bi){bi=u;best=i;} }
      if (best>=0) { used[best]=true; tp++; } else if (any>=0) dbl++; else fp++; }
    return new double[]{tp,dbl,fp,ds.size()};
  }
}
