/// Short codes as GitHub and Slack know them: the common ones.
let emojiShortCodes: [String: String] = {
  var codes: [String: String] = [:]
  for entry in emojiList.split(whereSeparator: \.isWhitespace) {
    let parts = entry.split(separator: "=")
    for name in parts.dropLast() { codes[String(name)] = parts.last.map(String.init) }
  }
  return codes
}()

/// One character each, behind all its names.
private let emojiList = """
  smile=😄 smiley=😃 grinning=😀 blush=😊 relaxed=☺️ wink=😉 heart_eyes=😍 kissing_heart=😘 stuck_out_tongue=😛
  stuck_out_tongue_winking_eye=😜 grin=😁 joy=😂 rofl=🤣 laughing=satisfied=😆 sweat_smile=😅
  slightly_smiling_face=🙂 upside_down_face=🙃 innocent=😇 yum=😋 sunglasses=😎 star_struck=🤩 partying_face=🥳
  smirk=😏 unamused=😒 disappointed=😞 pensive=😔 worried=😟 confused=😕 frowning_face=☹️ cry=😢 sob=😭 angry=😠
  rage=😡 exploding_head=🤯 flushed=😳 scream=😱 fearful=😨 cold_sweat=😰 hugs=🤗 thinking=🤔 shushing_face=🤫
  lying_face=🤥 neutral_face=😐 expressionless=😑 grimacing=😬 roll_eyes=🙄 hushed=😯 astonished=😲 sleeping=😴
  sleepy=😪 dizzy_face=😵 zipper_mouth_face=🤐 mask=😷 nerd_face=🤓 monocle_face=🧐 skull=💀 ghost=👻 alien=👽
  robot=🤖 poop=hankey=💩 clown_face=🤡 imp=👿 smiling_imp=😈 see_no_evil=🙈 hear_no_evil=🙉 speak_no_evil=🙊
  wave=👋 raised_hand=hand=✋ ok_hand=👌 v=✌️ crossed_fingers=🤞 metal=🤘 call_me_hand=🤙 point_left=👈
  point_right=👉 point_up=☝️ point_up_2=👆 point_down=👇 +1=thumbsup=👍 -1=thumbsdown=👎 fist=✊
  facepunch=punch=👊 clap=👏 raised_hands=🙌 open_hands=👐 handshake=🤝 pray=🙏 writing_hand=✍️ muscle=💪 eyes=👀
  brain=🧠 heart=❤️ orange_heart=🧡 yellow_heart=💛 green_heart=💚 blue_heart=💙 purple_heart=💜 black_heart=🖤
  broken_heart=💔 two_hearts=💕 sparkling_heart=💖 cupid=💘 100=💯 boom=collision=💥 dizzy=💫 sweat_drops=💦
  dash=💨 zzz=💤 speech_balloon=💬 thought_balloon=💭 fire=🔥 sparkles=✨ star=⭐ star2=🌟 zap=⚡ snowflake=❄️
  rainbow=🌈 sunny=☀️ cloud=☁️ umbrella=☔ ocean=🌊 droplet=💧 earth_africa=🌍 earth_americas=🌎 earth_asia=🌏
  globe_with_meridians=🌐 crescent_moon=🌙 full_moon=🌕 dog=🐶 cat=🐱 mouse=🐭 fox_face=🦊 bear=🐻 panda_face=🐼
  lion=🦁 cow=🐮 pig=🐷 frog=🐸 monkey=🐒 chicken=🐔 penguin=🐧 bird=🐦 owl=🦉 unicorn=🦄 bee=honeybee=🐝 bug=🐛
  butterfly=🦋 snail=🐌 turtle=🐢 snake=🐍 octopus=🐙 crab=🦀 whale=🐳 dolphin=flipper=🐬 fish=🐟 elephant=🐘
  seedling=🌱 evergreen_tree=🌲 deciduous_tree=🌳 palm_tree=🌴 cactus=🌵 four_leaf_clover=🍀 maple_leaf=🍁
  mushroom=🍄 rose=🌹 sunflower=🌻 tulip=🌷 cherry_blossom=🌸 apple=🍎 lemon=🍋 banana=🍌 strawberry=🍓 cherries=🍒
  avocado=🥑 bread=🍞 cheese=🧀 pizza=🍕 hamburger=🍔 cookie=🍪 cake=🍰 birthday=🎂 coffee=☕ tea=🍵 beer=🍺 beers=🍻
  wine_glass=🍷 soccer=⚽ basketball=🏀 trophy=🏆 medal_sports=🏅 1st_place_medal=🥇 dart=🎯 video_game=🎮 art=🎨
  musical_note=🎵 notes=🎶 guitar=🎸 headphones=🎧 microphone=🎤 movie_camera=🎥 camera=📷 car=red_car=🚗 bus=🚌
  train=🚋 bike=🚲 airplane=✈️ rocket=🚀 ship=🚢 construction=🚧 rotating_light=🚨 house=🏠 office=🏢 hospital=🏥
  school=🏫 tent=⛺ tada=🎉 confetti_ball=🎊 balloon=🎈 gift=🎁 christmas_tree=🎄 jack_o_lantern=🎃 watch=⌚
  iphone=📱 computer=💻 keyboard=⌨️ desktop_computer=🖥️ printer=🖨️ floppy_disk=💾 cd=💿 bulb=💡 flashlight=🔦
  battery=🔋 electric_plug=🔌 book=open_book=📖 books=📚 notebook=📓 newspaper=📰 bookmark=🔖 label=🏷️
  moneybag=💰 email=envelope=✉️ e-mail=📧 inbox_tray=📥 outbox_tray=📤 package=📦 mailbox=📫 pencil2=✏️
  memo=pencil=📝 briefcase=💼 file_folder=📁 open_file_folder=📂 date=📅 calendar=📆 chart_with_upwards_trend=📈
  chart_with_downwards_trend=📉 bar_chart=📊 clipboard=📋 pushpin=📌 round_pushpin=📍 paperclip=📎 link=🔗
  scissors=✂️ wastebasket=🗑️ lock=🔒 unlock=🔓 key=🔑 hammer=🔨 wrench=🔧 hammer_and_wrench=🛠️ gear=⚙️ mag=🔍
  mag_right=🔎 microscope=🔬 telescope=🔭 satellite=📡 pill=💊 shield=🛡️ bell=🔔 no_bell=🔕 loudspeaker=📢 mega=📣
  hourglass=⌛ alarm_clock=⏰ stopwatch=⏱️ warning=⚠️ no_entry=⛔ no_entry_sign=🚫 x=❌ heavy_check_mark=✔️
  white_check_mark=✅ ballot_box_with_check=☑️ question=❓ exclamation=heavy_exclamation_mark=❗ bangbang=‼️
  information_source=ℹ️ recycle=♻️ copyright=©️ registered=®️ tm=™️ heavy_plus_sign=➕ heavy_minus_sign=➖
  arrow_up=⬆️ arrow_down=⬇️ arrow_left=⬅️ arrow_right=➡️ leftwards_arrow_with_hook=↩️
  arrows_counterclockwise=🔄 back=🔙 top=🔝 new=🆕 free=🆓 cool=🆒 ok=🆗 up=🆙 sos=🆘 red_circle=🔴
  large_blue_circle=🔵 white_circle=⚪ black_circle=⚫ checkered_flag=🏁 triangular_flag_on_post=🚩
  """
