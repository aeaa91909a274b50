"use strict";
// Shows slices of one measurement's maps. Every value comes from the server as it stands in the map;
// colours and window are chosen here.
(() => {
  const root = document.getElementById("viewer");
  if (!root) return;
  const base = root.dataset.base;
  const canvas = root.querySelector("canvas");
  const context = canvas.getContext("2d");
  const control = (name) => root.querySelector(`[name="${name}"]`);
  const reading = root.querySelector("output");
  const planes = { axial: [0, 1, 2], coronal: [0, 2, 1], sagittal: [1, 2, 0] };
  const cache = new Map();
  let about = null;
  let place = [0, 0, 0];
  let shown = { picture: null, pdff: null, mask: null };

  const fetchSlice = (map, plane, index) => {
    const address = `${base}/${map}/${plane}/${index}`;
    if (!cache.has(address)) {
      if (cache.size > 300) cache.clear();
      cache.set(address, fetch(address).then((reply) => {
        if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
        return reply.arrayBuffer();
      }).then((bytes) => {
        const view = new DataView(bytes);
        return Float32Array.from({ length: bytes.byteLength / 4 }, (_, n) => view.getFloat32(4 * n, true));
      }));
    }
    return cache.get(address);
  };

  const say = (words) => { reading.textContent = words; };

  // The edges between voxels inside the drawn region and those outside.
  const drawOutline = (width, height, zoom) => {
    const inside = (x, y) =>
      x >= 0 && y >= 0 && x < width && y < height && shown.mask[x + width * y] > 0;
    context.beginPath();
    for (let y = 0; y <= height; y += 1) {
      for (let x = 0; x <= width; x += 1) {
        if (inside(x, y) !== inside(x - 1, y)) {
          context.moveTo(x * zoom, y * zoom);
          context.lineTo(x * zoom, (y + 1) * zoom);
        }
        if (inside(x, y) !== inside(x, y - 1)) {
          context.moveTo(x * zoom, y * zoom);
          context.lineTo((x + 1) * zoom, y * zoom);
        }
      }
    }
    stroke("#ff4040");
  };

  // Open in the middle, so that the voxel can be seen.
  const drawCross = (x, y) => {
    const gap = 12;
    context.beginPath();
    for (const [fromX, fromY, toX, toY] of [
      [0, y, x - gap, y], [x + gap, y, canvas.width, y],
      [x, 0, x, y - gap], [x, y + gap, x, canvas.height],
    ]) {
      context.moveTo(fromX, fromY);
      context.lineTo(toX, toY);
    }
    stroke("#ffffff");
  };

  // A light line on a dark one: seen on every colour.
  const stroke = (colour) => {
    context.lineWidth = 4;
    context.strokeStyle = "rgba(0, 0, 0, 0.6)";
    context.stroke();
    context.lineWidth = 2;
    context.strokeStyle = colour;
    context.stroke();
  };

  const draw = () => {
    const plane = control("plane").value;
    const [right, down] = planes[plane];
    const [width, height] = [about.axes[right].size, about.axes[down].size];
    const map = about.maps.find((one) => one.name === control("map").value);
    const [low, high] = [Number(control("low").value), Number(control("high").value)];
    const colours = about.colours[map.colours];
    // Whole pixels of the screen for each voxel, and lines of their own on top of them.
    const [tall, wide] = [height * about.axes[down].spacing, width * about.axes[right].spacing];
    const zoom = Math.max(1, Math.ceil(720 / Math.max(width, height)));
    canvas.width = width * zoom;
    canvas.height = height * zoom;
    canvas.style.aspectRatio = `${wide} / ${tall}`;
    const image = new ImageData(width, height);
    for (let n = 0; n < width * height; n += 1) {
      const value = shown.picture[n];
      if (Number.isNaN(value)) {
        image.data.set([40, 40, 40, 255], 4 * n);
        continue;
      }
      const share = high > low ? (value - low) / (high - low) : 0.5;
      const colour = colours[Math.round(Math.min(Math.max(share, 0), 1) * 255)];
      image.data.set([...colour, 255], 4 * n);
    }
    const small = new OffscreenCanvas(width, height);
    small.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
    if (shown.mask && control("outline").checked) drawOutline(width, height, zoom);
    drawCross((place[right] + 0.5) * zoom, (place[down] + 0.5) * zoom);
    const n = place[right] + width * place[down];
    const number = (value, digits) => (Number.isNaN(value) ? "no value" : value.toFixed(digits));
    const voxel = [0, 0, 0];
    about.axes.forEach((axis, k) => {
      voxel[axis.of_file] = axis.is_flipped ? axis.size - 1 - place[k] : place[k];
    });
    const pdff = shown.pdff ? `PDFF ${number(shown.pdff[n], 1)} %` : "no PDFF map";
    const other = map.name === "PDFFmap" ? "" : `, ${map.name} ${number(shown.picture[n], 2)} ${map.unit}`;
    say(`${pdff}${other} at voxel ${voxel.join(", ")}`);
    const letters = about.letters[plane];
    root.querySelectorAll("[data-edge]").forEach((mark) => {
      mark.textContent = letters[Number(mark.dataset.edge)];
    });
  };

  let turn = 0;
  const show = async () => {
    turn += 1;
    const mine = turn;
    const plane = control("plane").value;
    const through = planes[plane][2];
    const slider = control("slice");
    slider.max = about.axes[through].size - 1;
    slider.value = place[through];
    slider.setAttribute("aria-valuetext", `slice ${place[through] + 1} of ${about.axes[through].size}`);
    const has = (name) => about.maps.some((one) => one.name === name);
    try {
      const [picture, pdff, mask] = await Promise.all([
        fetchSlice(control("map").value, plane, place[through]),
        has("PDFFmap") ? fetchSlice("PDFFmap", plane, place[through]) : null,
        about.has_mask ? fetchSlice("mask", plane, place[through]) : null,
      ]);
      if (mine !== turn) return;
      shown = { picture, pdff, mask };
      draw();
    } catch (error) {
      say(`The slice can't be shown: ${error.message}`);
    }
  };

  const chooseMap = () => {
    const map = about.maps.find((one) => one.name === control("map").value);
    [control("low").value, control("high").value] = map.window;
    show();
  };

  const moveTo = (x, y) => {
    const [right, down] = planes[control("plane").value];
    place[right] = Math.min(Math.max(x, 0), about.axes[right].size - 1);
    place[down] = Math.min(Math.max(y, 0), about.axes[down].size - 1);
    draw();
  };

  const atPointer = (event) => {
    const box = canvas.getBoundingClientRect();
    const [right, down] = planes[control("plane").value];
    moveTo(
      Math.floor(((event.clientX - box.left) / box.width) * about.axes[right].size),
      Math.floor(((event.clientY - box.top) / box.height) * about.axes[down].size));
  };

  const step = (by) => {
    const through = planes[control("plane").value][2];
    place[through] = Math.min(Math.max(place[through] + by, 0), about.axes[through].size - 1);
    show();
  };

  const listen = () => {
    control("map").addEventListener("change", chooseMap);
    control("plane").addEventListener("change", show);
    for (const name of ["low", "high", "outline"]) control(name).addEventListener("input", draw);
    control("slice").addEventListener("input", (event) => {
      place[planes[control("plane").value][2]] = Number(event.target.value);
      show();
    });
    canvas.addEventListener("pointermove", atPointer);
    canvas.addEventListener("pointerdown", atPointer);
    canvas.addEventListener("keydown", (event) => {
      const [right, down] = planes[control("plane").value];
      const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      if (moves[event.key]) {
        moveTo(place[right] + moves[event.key][0], place[down] + moves[event.key][1]);
      } else if (event.key === "PageUp") step(-1);
      else if (event.key === "PageDown") step(1);
      else return;
      event.preventDefault();
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      step(Math.sign(event.deltaY));
    }, { passive: false });
  };

  fetch(base).then((reply) => {
    if (!reply.ok) throw new Error(`the server answered ${reply.status}`);
    return reply.json();
  }).then((answer) => {
    about = answer;
    place = about.start;
    listen();
    root.hidden = false;
    chooseMap();
  }).catch((error) => { root.hidden = false; say(`The maps can't be shown: ${error.message}`); });
})();
