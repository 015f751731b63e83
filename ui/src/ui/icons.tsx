/** The few pictures we use; each stands beside or inside something that has a name. */
const PATHS = {
  plus: "M12 5v14M5 12h14",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  back: "M15 18l-6-6 6-6",
  key: "M15 9a4 4 0 1 0-3.9 4L14 16v2h2v2h4v-3.5l-5.2-5.2A4 4 0 0 0 15 9zM10.5 8.5h.01",
  people:
    "M16 20v-1a4 4 0 0 0-4-4H7a4 4 0 0 0-4 4v1M9.5 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM21 20v-1a4 4 0 0 0-3-3.9M15 4.2a3.5 3.5 0 0 1 0 6.6",
  switches:
    "M4 7h9M19 7h1M4 17h1M11 17h9M16 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  record: "M6 3h9l4 4v14H6zM9 12h7M9 16h7M9 8h3",
  play: "M7 4l13 8-13 8z",
  chart: "M4 20h16M7 16v-5M12 16V6M17 16v-8",
  model: "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  edit: "M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4",
  again: "M20 11a8 8 0 1 0-2.3 5.7M20 5v6h-6",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01",
  next: "M9 18l6-6-6-6",
  down: "M12 5v14M6 13l6 6 6-6",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.4 17a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6",
  download: "M12 4v12M7 11l5 5 5-5M5 20h14",
  close: "M6 6l12 12M18 6L6 18",
  tool: "M14.5 6.5a4 4 0 0 0-5.2 5.2L4 17l3 3 5.3-5.3a4 4 0 0 0 5.2-5.2L15 12l-3-3z",
  folder: "M3 6h6l2 2.5h10V19H3z",
  home: "M4 11l8-7 8 7v9h-5.5v-6h-5v6H4z",
  book: "M5 4h12a2 2 0 0 1 2 2v14H7a2 2 0 0 1-2-2zM5 17.5A2 2 0 0 1 7 16h12M9 8h6",
  knowledge:
    "M12 8c4.4 0 7-1 7-2.5S16.4 3 12 3 5 4 5 5.5S7.6 8 12 8zM5 5.5v13C5 20 7.6 21 12 21s7-1 7-2.5v-13M5 12c0 1.5 2.6 2.5 7 2.5s7-1 7-2.5",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.5 16.5L21 21",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  chat: "M21 12a8 8 0 0 1-8 8H4l2.2-3.1A8 8 0 1 1 21 12z",
};

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg
      aria-hidden="true"
      className="size-4 shrink-0"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "more" ? 3 : 2}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
