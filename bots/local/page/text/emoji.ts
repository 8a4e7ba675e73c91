/** The emoji people and bots really use, by Slack's name. One that is not here is shown as it was written. */
const table =
  "smile 😄 smiley 😃 grinning 😀 grin 😁 laughing 😆 joy 😂 rofl 🤣 slightly_smiling_face 🙂 wink 😉 blush 😊 " +
  "innocent 😇 heart_eyes 😍 star-struck 🤩 kissing_heart 😘 yum 😋 stuck_out_tongue 😛 hugging_face 🤗 thinking_face 🤔 " +
  "neutral_face 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 " +
  "pensive 😔 sleepy 😪 sleeping 😴 mask 😷 nerd_face 🤓 sunglasses 😎 confused 😕 worried 😟 open_mouth 😮 " +
  "astonished 😲 flushed 😳 cry 😢 sob 😭 scream 😱 confounded 😖 disappointed 😞 sweat 😓 sweat_smile 😅 weary 😩 " +
  "tired_face 😫 triumph 😤 rage 😡 angry 😠 skull 💀 poop 💩 ghost 👻 alien 👽 robot_face 🤖 partying_face 🥳 " +
  "exploding_head 🤯 pleading_face 🥺 saluting_face 🫡 melting_face 🫠 shrug 🤷 facepalm 🤦 wave 👋 raised_hands 🙌 " +
  "clap 👏 +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 v ✌️ crossed_fingers 🤞 muscle 💪 pray 🙏 handshake 🤝 " +
  "point_up ☝️ point_down 👇 point_left 👈 point_right 👉 eyes 👀 brain 🧠 heart ❤️ yellow_heart 💛 green_heart 💚 " +
  "blue_heart 💙 purple_heart 💜 broken_heart 💔 sparkles ✨ star ⭐ star2 🌟 fire 🔥 boom 💥 zap ⚡ tada 🎉 " +
  "confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆 medal 🏅 100 💯 rocket 🚀 ship 🚢 sailboat ⛵ anchor ⚓ compass 🧭 " +
  "ocean 🌊 whale 🐳 dolphin 🐬 fish 🐟 octopus 🐙 crab 🦀 bug 🐛 dog 🐶 cat 🐱 unicorn_face 🦄 sunny ☀️ cloud ☁️ " +
  "rainbow 🌈 snowflake ❄️ earth_africa 🌍 coffee ☕ tea 🍵 beer 🍺 pizza 🍕 cake 🍰 cookie 🍪 apple 🍎 " +
  "white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ warning ⚠️ " +
  "no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 rotating_light 🚨 question ❓ exclamation ❗ bangbang ‼️ " +
  "information_source ℹ️ bulb 💡 bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 speech_balloon 💬 thought_balloon 💭 " +
  "hourglass ⌛ hourglass_flowing_sand ⏳ stopwatch ⏱️ alarm_clock ⏰ calendar 📅 date 📅 clipboard 📋 memo 📝 pencil ✏️ " +
  "pencil2 ✏️ page_facing_up 📄 page_with_curl 📃 newspaper 📰 books 📚 book 📖 bookmark 🔖 label 🏷️ paperclip 📎 " +
  "pushpin 📌 round_pushpin 📍 scissors ✂️ file_folder 📁 open_file_folder 📂 card_index_dividers 🗂️ inbox_tray 📥 " +
  "outbox_tray 📤 package 📦 email 📧 envelope ✉️ incoming_envelope 📨 link 🔗 lock 🔒 unlock 🔓 key 🔑 shield 🛡️ " +
  "hammer 🔨 wrench 🔧 hammer_and_wrench 🛠️ gear ⚙️ toolbox 🧰 mag 🔍 mag_right 🔎 microscope 🔬 test_tube 🧪 " +
  "computer 💻 desktop_computer 🖥️ keyboard ⌨️ floppy_disk 💾 iphone 📱 camera 📷 art 🎨 chart_with_upwards_trend 📈 " +
  "chart_with_downwards_trend 📉 bar_chart 📊 moneybag 💰 globe_with_meridians 🌐 house 🏠 office 🏢 construction 🚧 " +
  "arrow_up ⬆️ arrow_down ⬇️ arrow_left ⬅️ arrow_right ➡️ arrows_counterclockwise 🔄 repeat 🔁 leftwards_arrow_with_hook ↩️ " +
  "red_circle 🔴 large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 white_circle ⚪ " +
  "black_circle ⚫ large_green_square 🟩 one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ pause_button ⏸️ arrow_forward ▶️ " +
  "checkered_flag 🏁 triangular_flag_on_post 🚩 seedling 🌱 wheel_of_dharma ☸️ broom 🧹 wastebasket 🗑️ receipt 🧾";

const words = table.split(" ");
const chars = new Map<string, string>();
for (let i = 0; i + 1 < words.length; i += 2) chars.set(words[i] ?? "", words[i + 1] ?? "");

export const emojiChar = (name: string): string | null => chars.get(name) ?? null;

/** The character of Slack's `unicode` field: code points in hex joined by "-". Null when it is none. */
export function emojiFromCodes(codes: string): string | null {
  if (!/^[0-9a-f]{1,6}(-[0-9a-f]{1,6}){0,15}$/i.test(codes)) return null;
  const points = codes.split("-").map((code) => Number.parseInt(code, 16));
  return points.every((point) => point > 0 && point <= 0x10ffff) ? String.fromCodePoint(...points) : null;
}
